package dev.gatehouse.ops;

import io.micrometer.core.instrument.Counter;
import java.util.function.IntSupplier;

/** Counts the requests of one target. Safe for concurrent use. */
public final class TargetMeter {
  private final Counter answered;
  private final Counter failed;

  TargetMeter(Counter answered, Counter failed) {
    this.answered = answered;
    this.failed = failed;
  }

  /** Makes the meter of one target. */
  public interface Maker {
    /**
     * Begins to count.
     *
     * @param underWay requests that the target has and has not answered
     * @param up 1 where it gets requests, else 0
     */
    TargetMeter meter(IntSupplier underWay, IntSupplier up);
  }

  /** The target has answered a request. */
  public void answered() {
    answered.increment();
  }

  /** A request has failed there. */
  public void failed() {
    failed.increment();
  }
}
