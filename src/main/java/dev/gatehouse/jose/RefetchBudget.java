package dev.gatehouse.jose;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * How often keys may be fetched because a token names an unknown one: otherwise anybody could make
 * the gateway flood the OP (TH-IDT-4). Logins and bearer tokens have one each, so that forged
 * bearer tokens cannot use up what a login needs on the day the OP changes its keys. Safe for
 * concurrent use.
 */
public final class RefetchBudget {
  private static final Duration INTERVAL = Duration.ofSeconds(60);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private final Clock clock;
  private Instant next = Instant.MIN;

  /** A budget of one fetch a minute. */
  public RefetchBudget(Clock clock) {
    this.clock = clock;
  }

  /** Whether a fetch is allowed now; if so, it counts as made. */
  synchronized boolean spend() {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      return false;
    }
    next = now.plus(INTERVAL);
    return true;
  }

  /** The fetch brought nothing: the next one may come sooner. */
  synchronized void fetchFailed() {
    next = clock.instant().plus(AFTER_FAILURE);
  }
}
