package dev.gatehouse.token;

import dev.gatehouse.backchannel.Pause;
import java.time.Clock;
import java.time.Duration;

/**
 * Spares an OP that does not answer, and the threads that would wait for it (TH-DOS-6): after
 * several failures in a row calls are not made for a second; then one probe goes through, and its
 * outcome decides. Safe for concurrent use.
 */
final class CircuitBreaker {
  private static final int FAILURES_TO_OPEN = 10;
  private static final Duration OPEN = Duration.ofSeconds(1);

  private final Pause open;
  private int failures;

  CircuitBreaker(Clock clock) {
    this.open = new Pause(clock);
  }

  /** Whether a call may be made now; one that may has to be reported by {@link #record}. */
  synchronized boolean allows() {
    if (failures < FAILURES_TO_OPEN) {
      return true;
    }
    if (open.lasts()) {
      return false;
    }
    open.begin(OPEN); // this one is the probe; others wait for what becomes of it
    return true;
  }

  /** Reports how a call ended. */
  synchronized void record(boolean answered) {
    failures = answered ? 0 : Math.min(failures + 1, FAILURES_TO_OPEN);
    if (failures == FAILURES_TO_OPEN) {
      open.begin(OPEN);
    }
  }
}
