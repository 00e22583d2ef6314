package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.seal.Secret;
import java.util.Objects;
import java.util.Optional;

/**
 * An ID token that has passed every rule (OpenID Connect Core §2). Made by {@link IdTokenVerifier}
 * alone, so that nobody can forget to call it.
 *
 * @param compact the signed token; taken out of its encryption, for {@code id_token_hint} goes to
 *     the OP, which cannot open what was encrypted to us (Core §3.1.2.1)
 * @param sessionId the {@code sid} claim, where there is one
 */
record IdToken(Secret compact, String subject, Optional<String> sessionId, JsonObject claims) {
  IdToken {
    Objects.requireNonNull(compact, "compact");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(claims, "claims");
  }
}
