package dev.gatehouse.backchannel;

import java.time.Duration;

/**
 * The instant at which a call to the OP is given up, on the monotonic clock: a correction of the
 * wall clock neither prolongs nor ends a call. Immutable.
 */
public final class Deadline {
  private final long nanoTime;

  private Deadline(long nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The deadline {@code duration} from now. */
  public static Deadline after(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** The time that is left; zero when it has passed, never negative. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  /** Whether no time is left. */
  public boolean passed() {
    return nanoTime - System.nanoTime() <= 0;
  }
}
