package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line of the standalone gateway: {@code java -jar gatehouse.jar COMMAND}. */
@Command(
    name = "gatehouse",
    description = "A modern login in front of an old web application.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Gatehouse implements Runnable {
  /** The configuration is refused: {@code EX_CONFIG} of sysexits.h. */
  static final int REFUSED = 78;

  @Spec private CommandSpec spec;

  private Gatehouse() {}

  /** Runs one command and ends the process with its exit status. */
  public static void main(String[] arguments) {
    Logging.useShippedSetUp();
    PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, UTF_8);
    CommandLine commandLine = commandLine(System.getenv(), arguments);
    System.exit(commandLine.setOut(out).setErr(err).execute(arguments));
  }

  /** All commands, seeing {@code environment} as theirs. */
  static CommandLine commandLine(Map<String, String> environment) {
    CommandLine all = new CommandLine(new Gatehouse());
    commands(environment).values().forEach(command -> all.addSubcommand(command.get()));
    return all;
  }

  /** The one that {@code arguments} begin with, since to set up each takes time; all for help. */
  private static CommandLine commandLine(Map<String, String> environment, String... arguments) {
    Supplier<Object> named = arguments.length == 0 ? null : commands(environment).get(arguments[0]);
    return named == null
        ? commandLine(environment)
        : new CommandLine(new Gatehouse()).addSubcommand(named.get());
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
