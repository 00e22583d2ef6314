package dev.gatehouse.session;

import dev.gatehouse.seal.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What the OP gave for a session, beside the identity. It stays on this side of the gate
 * (TH-TOK-11). Immutable.
 *
 * @param accessToken absent where the store does not keep it
 * @param expiresAt when the access token expires; empty where the OP did not say
 */
public record SessionTokens(
    Optional<Secret> accessToken, Optional<Secret> refreshToken, Optional<Instant> expiresAt) {
  /** A token is renewed before it expires under way (TH-TOK-16). */
  static final Duration EARLY = Duration.ofSeconds(30);

  /** No tokens: the session lives by its own limits alone. */
  public static final SessionTokens NONE =
      new SessionTokens(Optional.empty(), Optional.empty(), Optional.empty());

  public SessionTokens {
    Objects.requireNonNull(accessToken, "accessToken");
    Objects.requireNonNull(refreshToken, "refreshToken");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }

  /** Whether it is time to refresh, and there is something to do it with. */
  public boolean refreshDue(Instant now) {
    return refreshToken.isPresent()
        && expiresAt.isPresent()
        && !now.isBefore(expiresAt.get().minus(EARLY));
  }

  /** Whether the access token has expired; at its very end it has. */
  public boolean expired(Instant now) {
    return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
  }
}
