package dev.gatehouse.gate;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.page.Page;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/**
 * The engine: decides what happens to a request. One for both doors. Safe for concurrent use;
 * {@link #decide} never blocks and never throws for what a client or an OP sends.
 */
public final class Gate implements Decider, AutoCloseable {

  private Gate() {}

  /**
   * Builds the engine. Does no I/O to the OP before it returns: metadata is read in the background,
   * so an OP that is down stops nothing but logins.
   */
  public static Gate open(GatehouseConfig config, Clock clock, SecureRandom random) {
    throw new IllegalStateException("not written yet");
  }

  @Override
  public Decision decide(ClientRequest request) {
    throw new IllegalStateException("not written yet");
  }

  @Override
  public Decision.Answer failure(
      ClientRequest request, int status, Page.Kind kind, String reason, Throwable cause) {
    throw new IllegalStateException("not written yet");
  }

  /** Why logins would fail now, for {@code /health/ready}; empty when all is well. */
  public Optional<String> notReadyReason() {
    throw new IllegalStateException("not written yet");
  }

  /** Ends background work. Sessions in memory are gone. */
  @Override
  public void close() {}
}
