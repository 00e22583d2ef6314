package dev.gatehouse.backchannel;

import java.time.Duration;
import java.util.Optional;

/** Is told of each call to an OP when it has ended. Safe for concurrent use; never blocks. */
@FunctionalInterface
public interface OpCallMeter {
  /** Counts nothing. */
  OpCallMeter NONE = (endpoint, failure, took) -> {};

  /**
   * A call has ended.
   *
   * @param failure why the OP could not be asked; empty where it answered, be it with a refusal
   * @param took from the moment when it was wanted, the wait for a place included
   */
  void called(OpEndpoint endpoint, Optional<OpFailure> failure, Duration took);
}
