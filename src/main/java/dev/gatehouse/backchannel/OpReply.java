package dev.gatehouse.backchannel;

import dev.gatehouse.seal.Secret;
import java.util.Objects;
import java.util.Optional;

/** What came of a call to the OP. */
public sealed interface OpReply {

  /**
   * The OP answered 2xx or 4xx; not 408 or 429, which pass by themselves.
   *
   * @param status the HTTP status
   * @param body the JSON object; for a 4xx without one, and for a JWT, an empty object
   * @param jwt the body where a JWT was asked for and came; nothing in it has been verified
   * @param dpopNonce what the next DPoP proof has to hold, where the OP says so (RFC 9449 §8)
   */
  record Answered(int status, JsonObject body, Optional<Secret> jwt, Optional<Secret> dpopNonce)
      implements OpReply {
    public Answered {
      Objects.requireNonNull(body, "body");
      Objects.requireNonNull(jwt, "jwt");
      Objects.requireNonNull(dpopNonce, "dpopNonce");
    }
  }

  /** The OP could not be asked, or its answer cannot be read. */
  record Failed(OpFailure failure) implements OpReply {
    public Failed {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
