package dev.gatehouse.gate;

import dev.gatehouse.backchannel.OpCallMeter;
import dev.gatehouse.backchannel.OpEndpoint;
import dev.gatehouse.backchannel.OpFailure;
import java.time.Duration;
import java.util.Optional;

/**
 * Is told what the engine does, for whoever counts it. Every text is one of a few fixed words: no
 * secret, nothing of a user, nothing that a client chose. What is not overridden is not counted.
 * Safe for concurrent use; never blocks.
 */
public interface Measurements extends OpCallMeter {
  /** Counts nothing. */
  Measurements NONE = new Measurements() {};

  /**
   * The gateway refused a request, or could not carry it out.
   *
   * @param reason the word of the audit log
   */
  default void refused(int status, String reason) {}

  /** A browser was sent to the OP. */
  default void loginStarted() {}

  /** A login made a session. */
  default void loginFinished() {}

  /**
   * A login could not begin, or ended without a session.
   *
   * @param reason the word of the audit log
   */
  default void loginFailed(String reason) {}

  /**
   * A token was found where it does not belong.
   *
   * @param place where, such as {@code query}
   * @param name the watched name, or {@code other}
   * @param mode what the rule says of it
   * @param outcome what became of the request
   */
  default void leaked(String place, String name, String mode, String outcome) {}

  /** The text of an answer could not be looked at for tokens: it was compressed. */
  default void answerNotScanned() {}

  @Override
  default void called(OpEndpoint endpoint, Optional<OpFailure> failure, Duration took) {}
}
