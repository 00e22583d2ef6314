package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.seal.Secret;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** How a refresh ended (RFC 6749 §6, OpenID Connect Core §12). */
public sealed interface RefreshOutcome {
  /**
   * New tokens; the old refresh token must not be sent again where there is a new one.
   *
   * @param refreshToken absent where the old one stays good
   * @param expiresAt empty where the OP did not say
   * @param idToken verified, and of the same issuer, subject and audience as the first
   * @param claims of that ID token, completed from userinfo where it was asked; empty where nothing
   *     is new
   * @param whole whether these are all claims that the OP has now: one that is missing was taken
   *     away
   * @param acr the authentication context that the new ID token names
   * @param scopes what the OP says is still granted; empty where it does not say
   */
  record Refreshed(
      Secret accessToken,
      Optional<Secret> refreshToken,
      Optional<Instant> expiresAt,
      Optional<Secret> idToken,
      Map<String, Object> claims,
      boolean whole,
      Optional<String> acr,
      Optional<Set<String>> scopes)
      implements RefreshOutcome {
    /** New tokens that say nothing of context and scopes, and add claims at most. */
    public Refreshed(
        Secret accessToken,
        Optional<Secret> refreshToken,
        Optional<Instant> expiresAt,
        Optional<Secret> idToken,
        Map<String, Object> claims) {
      this(
          accessToken,
          refreshToken,
          expiresAt,
          idToken,
          claims,
          false,
          Optional.empty(),
          Optional.empty());
    }

    public Refreshed {
      Objects.requireNonNull(accessToken, "accessToken");
      claims = Map.copyOf(claims);
    }

    /** Without what the claims say (TH-SEC-3). */
    @Override
    public String toString() {
      return "Refreshed[expiresAt=" + expiresAt + ", claims=" + claims.keySet() + "]";
    }
  }

  /**
   * The session must end: the OP no longer knows the grant, or answered for somebody else.
   *
   * @param reason one fixed word: {@code invalid-grant}, {@code sub-changed} and the like
   */
  record Ended(String reason) implements RefreshOutcome {
    public Ended {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** The OP could not be asked, or answered nonsense: nothing is known about the grant. */
  record Undecided(OpFailure failure) implements RefreshOutcome {
    public Undecided {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
