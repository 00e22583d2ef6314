package dev.gatehouse.cli;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.config.ConfigProblem.Severity;
import dev.gatehouse.config.LoadedConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads the configuration and prints everything that is wrong with it, with line and remedy. */
@Command(
    name = "check",
    description = "Reads the configuration and lists all problems.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:holds", "1:warnings, with --strict", "78:refused"})
final class Check implements Callable<Integer> {
  @Mixin private ConfigFile file;

  @Option(
      names = "--strict",
      description = {
        "Refuse an OP with a known weakness, as run --strict does;",
        "exit with 1 if there are other warnings."
      })
  private boolean strict;

  @Option(names = "--online", description = "Ask the OP and the upstream as well.")
  private boolean online;

  @Spec private CommandSpec spec;

  private final Map<String, String> environment;

  Check(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      LoadedConfig loaded = file.read(environment, strict);
      List<ConfigProblem> problems = new ArrayList<>(loaded.warnings());
      if (online) {
        problems.addAll(new OnlineCheck(loaded.config()).problems());
      }
      return tell(out, problems);
    } catch (ConfigException e) {
      return tell(out, e.problems());
    }
  }

  private int tell(PrintWriter out, List<ConfigProblem> problems) {
    problems.forEach(problem -> out.println(file.line(problem)));
    if (problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR)) {
      out.println(file + ": refused");
      return Gatehouse.REFUSED;
    }
    out.println(file + ": holds" + count(problems.size()));
    return strict && !problems.isEmpty() ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private static String count(int warnings) {
    return warnings == 0 ? "" : ", with " + warnings + (warnings == 1 ? " warning" : " warnings");
  }
}
