package dev.gatehouse.oidc;

import java.net.URI;
import java.util.Objects;

/**
 * What one authentication request is made of (OpenID Connect Core §3.1.2.1).
 *
 * @param redirectUri the constant redirect URI
 * @param state 256 bits, base64url
 * @param nonce 256 bits, base64url
 * @param codeVerifier 256 bits, base64url (RFC 7636 §4.1); its S256 challenge is sent
 */
public record AuthenticationRequest(
    URI redirectUri, String state, String nonce, String codeVerifier) {
  public AuthenticationRequest {
    Objects.requireNonNull(redirectUri, "redirectUri");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(nonce, "nonce");
    Objects.requireNonNull(codeVerifier, "codeVerifier");
  }

  /** Neither of the three secrets. */
  @Override
  public String toString() {
    return "AuthenticationRequest[" + redirectUri + "]";
  }
}
