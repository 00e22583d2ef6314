package dev.gatehouse.token;

import dev.gatehouse.backchannel.OpFailure;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What is known about a bearer token. */
public sealed interface TokenVerdict {

  /**
   * The token is good and made for this API.
   *
   * @param scopes its scope-tokens, compared exactly (RFC 6749 §3.3)
   * @param claims what the token, or the OP about it, says; JSON values without null
   * @param expiresAt the instant at which it is no longer good; where the OP names none, the
   *     instant at which it has to be asked again
   * @param binding what its bearer has to prove besides, request by request (TH-BEAR-17)
   */
  record Active(
      String issuer,
      String subject,
      Set<String> scopes,
      Map<String, Object> claims,
      Instant expiresAt,
      TokenBinding binding)
      implements TokenVerdict {
    public Active {
      Objects.requireNonNull(issuer, "issuer");
      Objects.requireNonNull(subject, "subject");
      scopes = Set.copyOf(scopes);
      claims = Map.copyOf(claims);
      Objects.requireNonNull(expiresAt, "expiresAt");
      Objects.requireNonNull(binding, "binding");
    }

    /** Without whose token it is and what it says of him (TH-SEC-3). */
    @Override
    public String toString() {
      return "Active[issuer=" + issuer + ", scopes=" + scopes + ", expiresAt=" + expiresAt + "]";
    }
  }

  /** The token is bad; {@code error} is what RFC 6750 §3.1 lets us tell the client. */
  record Rejected(BearerError error) implements TokenVerdict {
    public Rejected {
      Objects.requireNonNull(error, "error");
    }
  }

  /** The OP could not be asked. Not a yes: the gate answers 503, never forwards. */
  record Undecided(OpFailure failure) implements TokenVerdict {
    public Undecided {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
