package dev.gatehouse.cli;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.LoadedConfig;
import dev.gatehouse.gate.Gate;
import dev.gatehouse.ops.GatewayMetrics;
import dev.gatehouse.proxy.GatewayServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the gateway and serves until SIGTERM; then running requests finish first. */
@Command(
    name = "run",
    description = "Starts the gateway.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:stopped by SIGTERM or SIGINT", "1:cannot listen", "78:refused"})
final class Run implements Callable<Integer> {
  /** Long enough for an OP that answers; one that does not is no reason to wait. */
  private static final Duration PROVIDER_PATIENCE = Duration.ofMillis(800);

  /** Whoever asks for strictness would rather wait than serve logins of an OP that is weak. */
  private static final Duration STRICT_PATIENCE = Duration.ofSeconds(3);

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
    PrintWriter err = spec.commandLine().getErr();
    try (HeadStart start = HeadStart.begin()) {
      LoadedConfig loaded = file.read(environment, strict);
      Logging.warn(loaded.warnings());
      return serve(loaded.config(), start.metrics());
    } catch (ConfigException e) {
      refuse(e.problems());
      return Gatehouse.REFUSED;
    } catch (IOException | GeneralSecurityException e) {
      err.println(file + ": cannot start: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private int serve(GatehouseConfig config, GatewayMetrics metrics)
      throws IOException, GeneralSecurityException, InterruptedException {
    try (Gate gate = Gate.open(config, Clock.systemUTC(), new SecureRandom(), metrics);
        GatewayServer server = GatewayServer.open(config, gate, metrics)) {
      metrics.watch(gate);
      // Asked since the gate is open, and answering while the server was built.
      List<ConfigProblem> misfits =
          gate.awaitProviders(config.strict() ? STRICT_PATIENCE : PROVIDER_PATIENCE);
      if (!misfits.isEmpty()) {
        refuse(misfits);
        return Gatehouse.REFUSED;
      }
      server.start();
      Shutdown.onSignal(server::close);
      PrintWriter out = spec.commandLine().getOut();
      out.println(server.readyLine());
      out.flush();
      warnOfDirectAccess(config);
      server.join();
      return ExitCode.OK;
    }
  }

  /** Beside the serving: an app that is slow to answer keeps nobody waiting. */
  private static void warnOfDirectAccess(GatehouseConfig config) {
    Thread probe =
        new Thread(
            () -> {
              try {
                new DirectAccess(config).problemAtStart().ifPresent(Logging::warn);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "gatehouse-direct-access");
    probe.setDaemon(true);
    probe.start();
  }

  private void refuse(List<ConfigProblem> problems) {
    PrintWriter err = spec.commandLine().getErr();
    problems.forEach(problem -> err.println(file.line(problem)));
    err.println(file + ": refused");
    err.flush();
  }
}
