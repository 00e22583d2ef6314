package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.OpFailure;
import java.net.URI;
import java.util.Objects;

/** What came of making an authentication request. */
public sealed interface RequestOutcome {

  /**
   * The browser can be sent to the OP.
   *
   * @param location the authorization endpoint with its parameters, ending in an empty fragment
   */
  record Ready(URI location) implements RequestOutcome {
    public Ready {
      Objects.requireNonNull(location, "location");
    }

    /** Without the query, which holds the state. */
    @Override
    public String toString() {
      return "Ready[" + location.getHost() + "]";
    }
  }

  /**
   * The OP did not take the request; another way of sending it would be a weaker one.
   *
   * @param status what the browser gets
   * @param reason one fixed word, such as {@code par-failed}
   */
  record Refused(int status, String reason) implements RequestOutcome {
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** The OP could not be asked for lack of room here. */
  record Undecided(OpFailure failure) implements RequestOutcome {
    public Undecided {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
