package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.seal.Secret;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What the token endpoint answered (RFC 6749 §5). */
sealed interface TokenResponse {

  /**
   * A successful response, of whose tokens none has been verified.
   *
   * @param scopes what the OP says was granted; empty where it does not say
   */
  record Tokens(
      Secret accessToken,
      Optional<Instant> expiresAt,
      Optional<Secret> idToken,
      Optional<Secret> refreshToken,
      Optional<Set<String>> scopes)
      implements TokenResponse {}

  /** The OP refused, or its answer breaks a rule; see {@link LoginOutcome.Refused}. */
  record Refused(int status, String reason) implements TokenResponse {}

  /** The OP could not be asked. */
  record Undecided(OpFailure failure) implements TokenResponse {}
}
