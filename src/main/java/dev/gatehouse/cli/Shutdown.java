package dev.gatehouse.cli;

/**
 * Stops a server on SIGTERM or SIGINT and ends the process with 0: a JVM that a signal ends reports
 * the signal, which a supervisor takes for a crash.
 */
final class Shutdown {
  private Shutdown() {}

  /** Registers {@code stop}, which must return when all is drained. */
  static void onSignal(Runnable stop) {
    Thread hook =
        new Thread(
            () -> {
              stop.run();
              // Inside a hook System.exit would wait for this very hook.
              Runtime.getRuntime().halt(0);
            },
            "gatehouse-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }
}
