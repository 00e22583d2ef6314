package dev.gatehouse.backchannel;

import java.util.Objects;

/** What came of a call to the OP. */
public sealed interface OpReply {

  /**
   * The OP answered 2xx or 4xx.
   *
   * @param status the HTTP status
   * @param body the JSON object; for a 4xx without one, an empty object
   */
  record Answered(int status, JsonObject body) implements OpReply {
    public Answered {
      Objects.requireNonNull(body, "body");
    }
  }

  /** The OP could not be asked, or its answer cannot be read. */
  record Failed(OpFailure failure) implements OpReply {
    public Failed {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
