package dev.gatehouse.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the gateway; see {@link Serving}, and {@link PlainRun} for the usual way to it. */
@Command(
    name = "run",
    description = "Starts the gateway.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:stopped by SIGTERM or SIGINT", "1:cannot listen", "78:refused"})
final class Run implements Callable<Integer> {
  @Mixin private ConfigFile file;

  @Option(names = "--strict", description = "Refuse an OP with a known weakness.")
  private boolean strict;

  @Spec private CommandSpec spec;

  private final Map<String, String> environment;

  Run(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandLine line = spec.commandLine();
    return new Serving(file, strict, environment, line.getOut(), line.getErr()).call();
  }
}
