package dev.gatehouse.backchannel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A span of time in which something is not tried again. A clock that is set back ends it early
 * rather than prolongs it. Safe for concurrent use.
 */
public final class Pause {
  private final Clock clock;
  private Instant begun = Instant.MIN;
  private Duration length = Duration.ZERO;

  /** No pause yet. */
  public Pause(Clock clock) {
    this.clock = clock;
  }

  /** Begins a pause of {@code length} now. */
  public synchronized void begin(Duration length) {
    this.begun = clock.instant();
    this.length = length;
  }

  /** Whether the pause lasts. */
  public synchronized boolean lasts() {
    Duration age = Duration.between(begun, clock.instant());
    return !age.isNegative() && age.compareTo(length) < 0;
  }
}
