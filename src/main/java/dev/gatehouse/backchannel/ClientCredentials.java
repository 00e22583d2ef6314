package dev.gatehouse.backchannel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.seal.Secret;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * How this client proves itself to the OP, by exactly one method per request (RFC 6749 §2.3).
 *
 * @param secret absent for a public client, which names itself by {@code client_id} alone
 */
public record ClientCredentials(
    String clientId, Optional<Secret> secret, ClientAuthentication method) {
  public ClientCredentials {
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(secret, "secret");
    Objects.requireNonNull(method, "method");
  }

  /** The credentials of the registration that {@code provider} names. */
  public static ClientCredentials of(Provider provider) {
    return new ClientCredentials(
        provider.clientId(), provider.proof().secret(), provider.proof().method());
  }

  /** {@code form} with the proof added. */
  public OpForm authenticate(OpForm form) {
    if (secret.isEmpty()) {
      return form.with("client_id", clientId);
    }
    if (method == ClientAuthentication.CLIENT_SECRET_BASIC) {
      return form.authorizedBy(basic(secret.get()));
    }
    return form.with("client_id", clientId).with("client_secret", secret.get());
  }

  // RFC 6749 §2.3.1: id and secret are form-urlencoded before base64, so that a colon in either
  // cannot move the boundary between them (TH-TOK-3).
  private Secret basic(Secret clientSecret) {
    String pair = OpForm.encode(clientId) + ":" + OpForm.encode(clientSecret.reveal());
    return Secret.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
  }
}
