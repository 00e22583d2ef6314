package dev.gatehouse.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line of the standalone gateway. */
@Command(
    name = "gatehouse",
    description = "A modern login in front of an old web application.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class Commands implements Runnable {
  @Spec private CommandSpec spec;

  private Commands() {}

  /** All commands, seeing {@code environment} as theirs. */
  static CommandLine line(Map<String, String> environment) {
    CommandLine all = new CommandLine(new Commands());
    commands(environment).values().forEach(command -> all.addSubcommand(command.get()));
    return all;
  }

  /** The one that {@code arguments} begin with, since to set up each takes time; all for help. */
  static CommandLine line(Map<String, String> environment, String... arguments) {
    Supplier<Object> named = arguments.length == 0 ? null : commands(environment).get(arguments[0]);
    return named == null
        ? line(environment)
        : new CommandLine(new Commands()).addSubcommand(named.get());
  }

  private static Map<String, Supplier<Object>> commands(Map<String, String> environment) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("run", () -> new Run(environment));
    commands.put("check", () -> new Check(environment));
    commands.put("explain", () -> new Explain(environment));
    commands.put("keygen", Keygen::new);
    commands.put("version", Version::new);
    return commands;
  }

  /** No command: says which there are. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
  }
}
