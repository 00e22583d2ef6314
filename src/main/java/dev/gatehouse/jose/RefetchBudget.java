package dev.gatehouse.jose;

import dev.gatehouse.backchannel.Pause;
import java.time.Clock;
import java.time.Duration;

/**
 * How often keys may be fetched because a token names an unknown one: otherwise anybody could make
 * the gateway flood the OP (TH-IDT-4). Logins and bearer tokens have one each, so that forged
 * bearer tokens cannot use up what a login needs on the day the OP changes its keys. Safe for
 * concurrent use.
 */
public final class RefetchBudget {
  private static final Duration INTERVAL = Duration.ofSeconds(60);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private final Pause pause;

  /** A budget of one fetch a minute. */
  public RefetchBudget(Clock clock) {
    this.pause = new Pause(clock);
  }

  /** Whether a fetch is allowed now; if so, it counts as made. */
  synchronized boolean spend() {
    boolean left = isLeft();
    if (left) {
      pause.begin(INTERVAL);
    }
    return left;
  }

  /** Whether a fetch would be allowed now. */
  boolean isLeft() {
    return !pause.lasts();
  }

  /** The fetch brought nothing: the next one may come sooner. */
  void fetchFailed() {
    pause.begin(AFTER_FAILURE);
  }
}
