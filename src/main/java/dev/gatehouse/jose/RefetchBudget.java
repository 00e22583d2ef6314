package dev.gatehouse.jose;

import dev.gatehouse.backchannel.Pause;
import java.time.Clock;
import java.time.Duration;

/**
 * How often keys may be fetched because a token does not fit those that are known: otherwise
 * anybody could make the gateway flood the OP (TH-IDT-4). Only a fetch that did not help counts, so
 * no number of real key changes uses it up. Each verifier has its own, so that forged bearer tokens
 * cannot use up what a login needs on the day the OP changes its keys. Safe for concurrent use.
 */
public final class RefetchBudget {
  private static final Duration INTERVAL = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofSeconds(5);

  private final Pause pause;
  private final Pause recently;
  private final Duration afterFirst;

  private RefetchBudget(Clock clock, Duration afterFirst) {
    this.pause = new Pause(clock);
    this.recently = new Pause(clock);
    this.afterFirst = afterFirst;
  }

  /** One fetch a minute: for tokens that anybody can send. */
  public static RefetchBudget forClients(Clock clock) {
    return new RefetchBudget(clock, INTERVAL);
  }

  /**
   * One fetch, a second one five seconds later, then one a minute: for tokens that come from the
   * OP's own token endpoint, where an unknown key is far more likely new than forged.
   */
  public static RefetchBudget forLogins(Clock clock) {
    return new RefetchBudget(clock, SHORT);
  }

  /** Whether a fetch is allowed now; if so, it counts as made in vain until {@link #helped}. */
  synchronized boolean spend() {
    boolean left = isLeft();
    if (left) {
      pause.begin(recently.lasts() ? INTERVAL : afterFirst);
      recently.begin(INTERVAL);
    }
    return left;
  }

  /** Whether a fetch would be allowed now. */
  boolean isLeft() {
    return !pause.lasts();
  }

  /** The fetch brought the key: it does not count. */
  synchronized void helped() {
    pause.begin(Duration.ZERO);
    recently.begin(Duration.ZERO);
  }

  /** The fetch brought nothing at all: the next one may come soon. */
  void fetchFailed() {
    pause.begin(SHORT);
  }
}
