package dev.gatehouse.oidc;

import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.Objects;

/**
 * An authorization code with what binds it to the browser that asked (RFC 6749 §4.1.3, RFC 7636
 * §4.5).
 */
public record CodeGrant(Secret code, URI redirectUri, Secret codeVerifier, Secret nonce) {
  public CodeGrant {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(redirectUri, "redirectUri");
    Objects.requireNonNull(codeVerifier, "codeVerifier");
    Objects.requireNonNull(nonce, "nonce");
  }
}
