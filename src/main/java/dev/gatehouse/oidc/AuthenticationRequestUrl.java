package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.config.Provider;
import java.net.URI;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Spells the authentication request as a URL (OpenID Connect Core §3.1.2.1). Immutable. */
final class AuthenticationRequestUrl {
  /** The names that are ours: neither the endpoint nor the configuration may add one of them. */
  static final Set<String> PARAMETERS =
      Set.of(
          "response_type",
          "client_id",
          "redirect_uri",
          "scope",
          "state",
          "nonce",
          "code_challenge",
          "code_challenge_method",
          "request",
          "request_uri");

  private final String clientId;
  private final String scope;
  private final Map<String, String> constant;

  /**
   * Takes the constant parts.
   *
   * @throws IllegalArgumentException when a configured extra parameter is one of ours
   */
  AuthenticationRequestUrl(Provider provider) {
    this.clientId = provider.clientId();
    this.scope = String.join(" ", provider.request().scopes());
    this.constant = provider.request().parameters();
    for (String name : constant.keySet()) {
      if (PARAMETERS.contains(name)) {
        throw new IllegalArgumentException(
            "provider.authorization-parameters: " + name + " is set by the gateway itself");
      }
    }
  }

  /** The URL, which ends in an empty fragment so that the app's own is not carried along. */
  URI at(URI authorizationEndpoint, AuthenticationRequest request) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("response_type", "code");
    parameters.put("client_id", clientId);
    parameters.put("redirect_uri", request.redirectUri().toString());
    parameters.put("scope", scope);
    parameters.put("state", request.state());
    parameters.put("nonce", request.nonce());
    parameters.put("code_challenge", s256(request.codeVerifier()));
    parameters.put("code_challenge_method", "S256");
    parameters.putAll(constant);
    return URI.create(withQuery(authorizationEndpoint, parameters) + "#");
  }

  /** {@code endpoint} with {@code parameters} after its own query, which is kept as it is. */
  static String withQuery(URI endpoint, Map<String, String> parameters) {
    StringBuilder url = new StringBuilder(endpoint.toString());
    String query = endpoint.getRawQuery();
    String separator = query == null ? "?" : query.isEmpty() || query.endsWith("&") ? "" : "&";
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      url.append(separator)
          .append(encode(parameter.getKey()))
          .append('=')
          .append(encode(parameter.getValue()));
      separator = "&";
    }
    return url.toString();
  }

  // %20 rather than +: both are right (RFC 6749 appendix B), but not every OP reads the latter.
  private static String encode(String value) {
    return URLEncoder.encode(value, UTF_8).replace("+", "%20");
  }

  // RFC 7636 §4.2
  private static String s256(String codeVerifier) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(sha256().digest(codeVerifier.getBytes(US_ASCII)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
