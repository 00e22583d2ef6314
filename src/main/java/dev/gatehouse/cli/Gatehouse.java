package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.util.Map;
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
    Logging.useShippedConfiguration();
    PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, UTF_8);
    System.exit(commandLine(System.getenv()).setOut(out).setErr(err).execute(arguments));
  }

  /** All commands, seeing {@code environment} as theirs. */
  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new Gatehouse())
        .addSubcommand(new Run(environment))
        .addSubcommand(new Check(environment))
        .addSubcommand(new Explain(environment))
        .addSubcommand(new Keygen())
        .addSubcommand(new Version());
  }

  /** No command: says which there are. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
  }
}
