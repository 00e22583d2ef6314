package dev.gatehouse.interop;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What Keycloak demands of a client, in its own words, and the settings that meet it. */
enum KeycloakVariant {
  /** A secret, PKCE, and a logout that it tells of. */
  PLAIN(Map.of(), ""),
  /** RFC 7523, with the key that the gateway publishes. */
  PRIVATE_KEY(Map.of(), "client-authentication: private-key-jwt"),
  /** RFC 9126. */
  PUSHED_REQUEST(
      Map.of("require.pushed.authorization.requests", "true"), "pushed-authorization: always"),
  /** RFC 9101. */
  SIGNED_REQUEST(
      Map.of("request.object.required", "request only", "request.object.signature.alg", "ES256"),
      "request-object: always"),
  /** JARM. Unless told otherwise, Keycloak writes the claim {@code iss} twice, which is no JSON. */
  SIGNED_RESPONSE(
      Map.of(
          "authorization.signed.response.alg",
          "ES256",
          "exclude.issuer.from.auth.response",
          "true"),
      "response-mode: jwt"),
  /** RFC 9449. */
  KEY_BOUND_TOKENS(Map.of("dpop.bound.access.tokens", "true"), "sender-constraint: dpop"),
  /** What FAPI 2.0 asks for. */
  FAPI_2(
      Map.of(
          "require.pushed.authorization.requests",
          "true",
          "dpop.bound.access.tokens",
          "true",
          "id.token.signed.response.alg",
          "ES256"),
      "profile: fapi2\n  client-authentication: private-key-jwt\n  sender-constraint: dpop");

  private final Map<String, String> demands;
  private final String settings;

  KeycloakVariant(Map<String, String> demands, String settings) {
    this.demands = demands;
    this.settings = settings;
  }

  /** The client of a gateway at {@code url}, as Keycloak registers it. */
  Map<String, Object> client(String url) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("pkce.code.challenge.method", "S256");
    attributes.put("access.token.lifespan", "31");
    attributes.put("post.logout.redirect.uris", url + "/gatehouse/logged-out");
    attributes.put("backchannel.logout.url", url + "/gatehouse/backchannel-logout");
    attributes.put("backchannel.logout.session.required", "true");
    if (hasKey()) {
      attributes.put("use.jwks.url", "true");
      attributes.put("jwks.url", url + "/gatehouse/jwks");
    }
    if (provesWithKey()) {
      attributes.put("token.endpoint.auth.signing.alg", "ES256");
    }
    attributes.putAll(demands);
    Map<String, Object> client = new LinkedHashMap<>();
    client.put("redirectUris", new String[] {url + "/gatehouse/callback"});
    client.put("publicClient", false);
    client.put("clientAuthenticatorType", provesWithKey() ? "client-jwt" : "client-secret");
    client.put("attributes", attributes);
    return client;
  }

  /** The lines of the gateway's configuration below {@code provider}. */
  String settings(Object secret, Path key) {
    return settings
        + "\n  client-secret: "
        + (provesWithKey() ? "null" : "\"" + secret + "\"")
        + (hasKey() ? "\n  client-key: " + key : "");
  }

  /** Whether requests reach Keycloak without the browser. */
  boolean pushes() {
    return demands.containsKey("require.pushed.authorization.requests");
  }

  private boolean provesWithKey() {
    return settings.contains("private-key-jwt");
  }

  private boolean hasKey() {
    return provesWithKey() || settings.contains("request-object");
  }
}
