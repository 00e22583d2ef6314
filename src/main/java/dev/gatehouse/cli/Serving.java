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

/** Starts the gateway and serves until SIGTERM; then running requests finish first. */
final class Serving {
  private static final int STOPPED = 0;
  private static final int CANNOT_LISTEN = 1;

  /** Long enough for an OP that answers; one that does not is no reason to wait. */
  private static final Duration PROVIDER_PATIENCE = Duration.ofMillis(500);

  /** Whoever asks for strictness would rather wait than serve logins of an OP that is weak. */
  private static final Duration STRICT_PATIENCE = Duration.ofSeconds(3);

  private final ConfigFile file;
  private final boolean strict;
  private final Map<String, String> environment;
  private final PrintWriter out;
  private final PrintWriter err;

  /**
   * @param strict whether an OP with a known weakness is refused though the file does not say so
   * @param out gets the ready line
   * @param err is told why the configuration is refused
   */
  Serving(
      ConfigFile file,
      boolean strict,
      Map<String, String> environment,
      PrintWriter out,
      PrintWriter err) {
    this.file = file;
    this.strict = strict;
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  /** Serves; the exit status. */
  int call() throws InterruptedException {
    try (HeadStart start = HeadStart.begin()) {
      LoadedConfig loaded = file.read(environment, strict);
      Logging.warn(loaded.warnings());
      return serve(loaded.config(), start.metrics());
    } catch (ConfigException e) {
      refuse(e.problems());
      return Gatehouse.REFUSED;
    } catch (IOException | GeneralSecurityException e) {
      err.println(file + ": cannot start: " + e.getMessage());
      return CANNOT_LISTEN;
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
      Shutdown.onSignal(server::stop);
      out.println(server.readyLine());
      out.flush();
      afterwards(config);
      server.join();
      return STOPPED;
    }
  }

  /** Beside the serving: an app that is slow to answer keeps nobody waiting. */
  private static void afterwards(GatehouseConfig config) {
    Thread thread =
        new Thread(
            () -> {
              try {
                new DirectAccess(config).problemsAtStart().forEach(Logging::warn);
                ArchiveInBackground.make(System.getProperties());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "gatehouse-after-start");
    thread.setDaemon(true);
    thread.start();
  }

  private void refuse(List<ConfigProblem> problems) {
    problems.forEach(problem -> err.println(file.line(problem)));
    err.println(file + ": refused");
    err.flush();
  }
}
