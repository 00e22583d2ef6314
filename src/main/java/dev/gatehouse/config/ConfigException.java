package dev.gatehouse.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is refused; carries all problems, not only the first. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /** Refuses for {@code problems}, of which at least one is an error. */
  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All problems, in the order of the file. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
