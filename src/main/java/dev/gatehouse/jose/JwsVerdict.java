package dev.gatehouse.jose;

import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.OpFailure;

/** What is known of a token's signature. */
public sealed interface JwsVerdict {

  /** The OP signed these claims; what they mean has not been judged. */
  record Signed(JwsAlgorithm algorithm, JsonObject header, JsonObject claims)
      implements JwsVerdict {}

  /**
   * The token is not to be believed.
   *
   * @param reason one fixed word: {@code malformed}, {@code alg}, {@code header}, {@code kid} or
   *     {@code signature}
   */
  record Refused(String reason) implements JwsVerdict {}

  /** The keys could not be fetched. Not a yes. */
  record Undecided(OpFailure failure) implements JwsVerdict {}
}
