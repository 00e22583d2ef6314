package dev.gatehouse.oidc;

import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What one authentication request is made of (OpenID Connect Core §3.1.2.1).
 *
 * @param redirectUri the constant redirect URI
 * @param state 256 bits, base64url
 * @param nonce 256 bits, base64url
 * @param codeVerifier 256 bits, base64url (RFC 7636 §4.1); its S256 challenge is sent
 * @param requestId 256 bits, base64url: the {@code jti} of a signed request (RFC 9101 §4)
 * @param demand what the authentication must be like, beyond what the provider's settings ask
 * @param hints {@code login_hint} and {@code ui_locales} of the link that began the login, checked
 * @param serverState what the OP handed out for this login, where it does so
 * @param interactive whether an earlier attempt has shown that the OP has to talk to the user
 */
public record AuthenticationRequest(
    URI redirectUri,
    String state,
    String nonce,
    String codeVerifier,
    String requestId,
    AuthenticationDemand demand,
    Map<String, String> hints,
    boolean interactive,
    Optional<Secret> serverState) {
  /** A request to an OP that hands out no value before. */
  public AuthenticationRequest(
      URI redirectUri,
      String state,
      String nonce,
      String codeVerifier,
      String requestId,
      AuthenticationDemand demand,
      Map<String, String> hints,
      boolean interactive) {
    this(
        redirectUri,
        state,
        nonce,
        codeVerifier,
        requestId,
        demand,
        hints,
        interactive,
        Optional.empty());
  }

  public AuthenticationRequest {
    Objects.requireNonNull(redirectUri, "redirectUri");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(nonce, "nonce");
    Objects.requireNonNull(codeVerifier, "codeVerifier");
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(demand, "demand");
    hints = Map.copyOf(hints);
  }

  /** None of the secrets. */
  @Override
  public String toString() {
    return "AuthenticationRequest[" + redirectUri + "]";
  }
}
