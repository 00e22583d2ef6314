package dev.gatehouse.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that runs with the real one and can be moved on, or stopped where a test is about less
 * time than a busy machine may need for it. Safe for concurrent use.
 */
public final class MovableClock extends Clock {
  private final AtomicReference<Hands> hands =
      new AtomicReference<>(new Hands(Duration.ZERO, null));

  /** What it shows: so much more than the real time, or {@code stopped} while that is not null. */
  private record Hands(Duration ahead, Instant stopped) {
    Instant shown() {
      return stopped == null ? Instant.now().plus(ahead) : stopped;
    }
  }

  /** Lets that time pass. */
  public void pass(Duration time) {
    hands.updateAndGet(
        at ->
            at.stopped() == null
                ? new Hands(at.ahead().plus(time), null)
                : new Hands(at.ahead(), at.stopped().plus(time)));
  }

  /** From now on time passes by {@link #pass} alone. */
  public void stand() {
    hands.updateAndGet(at -> new Hands(at.ahead(), at.shown()));
  }

  /** It runs on from where it stands. */
  public void run() {
    hands.updateAndGet(
        at ->
            at.stopped() == null
                ? at
                : new Hands(Duration.between(Instant.now(), at.stopped()), null));
  }

  @Override
  public Instant instant() {
    return hands.get().shown();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
