package dev.gatehouse.oidc;

import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Spells the logout request as a URL (OpenID Connect RP-Initiated Logout §2). Immutable. */
final class EndSessionUrl {
  private static final int MAX_CHARS = 8 * 1024;

  private final String clientId;

  EndSessionUrl(String clientId) {
    this.clientId = clientId;
  }

  /** The URL; where the ID token is absent or would make it longer than 8 KiB, with the subject. */
  URI at(
      URI endpoint,
      Optional<Secret> idToken,
      String subject,
      URI postLogoutRedirectUri,
      String state) {
    return idToken
        .map(token -> url(endpoint, "id_token_hint", token.reveal(), postLogoutRedirectUri, state))
        .filter(url -> url.length() <= MAX_CHARS)
        .map(URI::create)
        .orElseGet(
            () -> URI.create(url(endpoint, "logout_hint", subject, postLogoutRedirectUri, state)));
  }

  private String url(URI endpoint, String hintName, String hint, URI redirectUri, String state) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put(hintName, hint);
    parameters.put("client_id", clientId);
    parameters.put("post_logout_redirect_uri", redirectUri.toString());
    parameters.put("state", state);
    return AuthenticationRequestUrl.withQuery(endpoint, parameters);
  }
}
