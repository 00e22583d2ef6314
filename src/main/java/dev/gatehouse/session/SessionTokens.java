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
 * @param expiresAt when the access token expires; empty where that is not known
 * @param assumed whether the OP did not say {@code expiresAt}: then the user is looked up again
 *     (TH-QUIRK-9)
 */
public record SessionTokens(
    Optional<Secret> accessToken,
    Optional<Secret> refreshToken,
    Optional<Instant> expiresAt,
    boolean assumed) {
  /** A token is renewed before it expires under way (TH-TOK-16). */
  static final Duration EARLY = Duration.ofSeconds(30);

  /** No tokens: the session lives by its own limits alone. */
  public static final SessionTokens NONE =
      new SessionTokens(Optional.empty(), Optional.empty(), Optional.empty());

  /** Tokens whose life the OP has told, or never ends. */
  public SessionTokens(
      Optional<Secret> accessToken, Optional<Secret> refreshToken, Optional<Instant> expiresAt) {
    this(accessToken, refreshToken, expiresAt, false);
  }

  /** Tokens that live until {@code told}, or else, as far as is known, until {@code assumed}. */
  public static SessionTokens received(
      Secret accessToken, Optional<Secret> refreshToken, Optional<Instant> told, Instant assumed) {
    return new SessionTokens(
        Optional.of(accessToken), refreshToken, Optional.of(told.orElse(assumed)), told.isEmpty());
  }

  public SessionTokens {
    Objects.requireNonNull(accessToken, "accessToken");
    Objects.requireNonNull(refreshToken, "refreshToken");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }

  /** The access token, unless it has expired. */
  public Optional<Secret> usable(Instant now) {
    return expired(now) ? Optional.empty() : accessToken;
  }

  /**
   * Whether it is time to refresh, or to look the user up again where there is nothing to do so.
   */
  public boolean refreshDue(Instant now) {
    return (refreshToken.isPresent() || assumed)
        && expiresAt.isPresent()
        && !now.isBefore(expiresAt.get().minus(EARLY));
  }

  /** Whether the access token has expired; at its very end it has. */
  public boolean expired(Instant now) {
    return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
  }
}
