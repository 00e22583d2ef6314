package dev.gatehouse.oidc;

import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An authorization code with what binds it to the browser that asked (RFC 6749 §4.1.3, RFC 7636
 * §4.5), and what was asked for.
 *
 * @param demand what the authentication has to be like
 * @param requestedAt when the browser was sent to the OP
 * @param serverState what the OP handed out for this login, where it does so
 */
public record CodeGrant(
    Secret code,
    URI redirectUri,
    Secret codeVerifier,
    Secret nonce,
    AuthenticationDemand demand,
    Instant requestedAt,
    Optional<Secret> serverState) {
  /** A grant of an OP that hands out no value before. */
  public CodeGrant(
      Secret code,
      URI redirectUri,
      Secret codeVerifier,
      Secret nonce,
      AuthenticationDemand demand,
      Instant requestedAt) {
    this(code, redirectUri, codeVerifier, nonce, demand, requestedAt, Optional.empty());
  }

  public CodeGrant {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(redirectUri, "redirectUri");
    Objects.requireNonNull(codeVerifier, "codeVerifier");
    Objects.requireNonNull(nonce, "nonce");
    Objects.requireNonNull(demand, "demand");
    Objects.requireNonNull(requestedAt, "requestedAt");
  }
}
