package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.OpFailure;
import java.util.Map;
import java.util.Objects;

/** What is known of an authorization response that came as a JWT (JARM §2.4). */
public sealed interface AuthorizationResponse {

  /**
   * The OP made it, for us, a moment ago.
   *
   * @param parameters what it says: {@code state}, {@code iss}, and {@code code} or {@code error}
   */
  record Verified(Map<String, String> parameters) implements AuthorizationResponse {
    public Verified {
      parameters = Map.copyOf(parameters);
    }

    /** Names only: among the values is the code. */
    @Override
    public String toString() {
      return "Verified" + parameters.keySet();
    }
  }

  /**
   * It is not to be believed.
   *
   * @param reason one fixed word
   */
  record Refused(String reason) implements AuthorizationResponse {
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** The OP's keys could not be fetched. */
  record Undecided(OpFailure failure) implements AuthorizationResponse {
    public Undecided {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
