package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.JsonObject;
import java.util.Objects;
import java.util.Optional;

/**
 * An ID token that has passed every rule (OpenID Connect Core §2). Made by {@link IdTokenVerifier}
 * alone, so that nobody can forget to call it.
 *
 * @param sessionId the {@code sid} claim, where there is one
 */
record IdToken(String subject, Optional<String> sessionId, JsonObject claims) {
  IdToken {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(claims, "claims");
  }
}
