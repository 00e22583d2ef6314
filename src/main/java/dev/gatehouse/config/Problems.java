package dev.gatehouse.config;

import dev.gatehouse.config.ConfigProblem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong, so that one reading shows all of it. Used by one thread. */
final class Problems {
  /** What a strict gateway does not start with. */
  private static final Set<String> WEAKNESSES =
      Set.of("public-client", "pkce-off", "missing-token-type", "secret-file-mode");

  private final List<ConfigProblem> all = new ArrayList<>();
  private final Set<String> brokenKeys = new HashSet<>();

  /** The gateway must not start with this. */
  void error(String code, String key, int line, String message) {
    brokenKeys.add(key);
    add(new ConfigProblem(Severity.ERROR, code, key, line, message));
  }

  /** The gateway starts, and says this each time. */
  void warn(String code, String key, int line, String message) {
    add(new ConfigProblem(Severity.WARNING, code, key, line, message));
  }

  private void add(ConfigProblem problem) {
    // A value that two readers look at is wrong only once.
    if (!all.contains(problem)) {
      all.add(problem);
    }
  }

  /** Makes an error of each warning that tells of a weakness (TH-CFG-13). */
  void refuseWeaknesses() {
    all.replaceAll(
        problem ->
            WEAKNESSES.contains(problem.code())
                ? new ConfigProblem(
                    Severity.ERROR,
                    problem.code(),
                    problem.key(),
                    problem.line(),
                    problem.message() + ". Refused because strict is true")
                : problem);
  }

  /** Whether an error was found at exactly that key: its value means nothing then. */
  boolean isBroken(String key) {
    return brokenKeys.contains(key);
  }

  /** Everything in the order of the file; what stands on no line comes last. */
  List<ConfigProblem> inOrder() {
    List<ConfigProblem> sorted = new ArrayList<>(all);
    sorted.sort(
        Comparator.comparingInt(
            problem -> problem.line() == 0 ? Integer.MAX_VALUE : problem.line()));
    return List.copyOf(sorted);
  }

  /** Refuses the configuration if there is an error. */
  void refuseIfAny() throws ConfigException {
    if (all.stream().anyMatch(problem -> problem.severity() == Severity.ERROR)) {
      throw new ConfigException(inOrder());
    }
  }
}
