package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.OpFailure;
import java.util.Objects;
import java.util.Optional;

/** What is known of a logout token (OpenID Connect Back-Channel Logout §2.4). */
public sealed interface LogoutToken {
  /**
   * Every rule is kept, and the token has not been seen before.
   *
   * @param sessionId the OP's session that has ended; empty: all of the subject
   * @param subject whose sessions have ended; empty where {@code sessionId} says it
   */
  record Verified(Optional<String> sessionId, Optional<String> subject) implements LogoutToken {
    public Verified {
      Objects.requireNonNull(sessionId, "sessionId");
      Objects.requireNonNull(subject, "subject");
    }
  }

  /**
   * A rule is broken: nothing ends.
   *
   * @param reason one fixed word
   */
  record Refused(String reason) implements LogoutToken {
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** The OP's keys could not be fetched. */
  record Undecided(OpFailure failure) implements LogoutToken {
    public Undecided {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
