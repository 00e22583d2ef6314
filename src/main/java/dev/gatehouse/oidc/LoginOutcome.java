package dev.gatehouse.oidc;

import dev.gatehouse.access.Authentication;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.seal.Secret;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** How a code exchange ended. */
public sealed interface LoginOutcome {
  /**
   * The user is known: the ID token has been verified and userinfo, where asked, agrees with it; or
   * the userinfo of an OP without ID tokens has named the user.
   *
   * @param claims ID token claims, completed from userinfo; JSON values
   * @param idToken absent where the OP is not OpenID Connect's
   * @param sessionId the OP's {@code sid}, where it sent one
   * @param authentication how the user was authenticated, and what was granted; what was asked for
   *     where the OP did not say (RFC 6749 §5.1)
   * @param accessTokenExpiresAt empty where the OP did not say
   */
  record LoggedIn(
      String issuer,
      String subject,
      Map<String, Object> claims,
      Optional<String> sessionId,
      Optional<Secret> idToken,
      Secret accessToken,
      Optional<Secret> refreshToken,
      Optional<Instant> accessTokenExpiresAt,
      Authentication authentication)
      implements LoginOutcome {
    public LoggedIn {
      Objects.requireNonNull(issuer, "issuer");
      Objects.requireNonNull(subject, "subject");
      claims = Map.copyOf(claims);
      Objects.requireNonNull(authentication, "authentication");
    }

    /** Without who it is and what is known of him (TH-SEC-3). */
    @Override
    public String toString() {
      return "LoggedIn[issuer=" + issuer + ", claims=" + claims.keySet() + "]";
    }
  }

  /**
   * The OP, or who poses as it, sent something that must not make a session.
   *
   * @param status what the browser gets: 400, 403 or 502
   * @param reason one fixed word, such as {@code nonce}, {@code iss}, {@code code-rejected}
   */
  record Refused(int status, String reason) implements LoginOutcome {
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** The OP could not be asked. */
  record Undecided(OpFailure failure) implements LoginOutcome {
    public Undecided {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
