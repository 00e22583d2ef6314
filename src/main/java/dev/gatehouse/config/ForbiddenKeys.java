package dev.gatehouse.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Keys that are no settings, of which more is known than that they are unknown. */
final class ForbiddenKeys {
  private static final Set<String> FLOWS =
      Set.of(
          "response-type",
          "response-types",
          "response-mode",
          "grant",
          "grants",
          "grant-type",
          "grant-types",
          "flow",
          "implicit",
          "hybrid",
          "password");
  private static final Set<String> REDIRECT_URIS =
      Set.of("redirect-uri", "redirect-uris", "redirect-url", "callback-url", "callback");
  private static final Set<String> TOKEN_IN_QUERY =
      Set.of(
          "userinfo-query",
          "userinfo-token",
          "userinfo-method",
          "userinfo-authentication",
          "token-in-query",
          "access-token-in-query");
  private static final Set<String> SECRET_IN_URL =
      Set.of(
          "secret-in-url",
          "secret-in-query",
          "client-secret-in-query",
          "client-secret-query",
          "token-method",
          "token-request-method",
          "token-endpoint-method");

  private ForbiddenKeys() {}

  /**
   * Why that key is refused.
   *
   * @param schemaKey the dotted key, list places written as {@code []}
   * @param value its value, where it is a single one
   */
  static Optional<Refusal> find(String schemaKey, Optional<String> value) {
    String name =
        schemaKey
            .substring(schemaKey.lastIndexOf('.') + 1)
            .toLowerCase(Locale.ROOT)
            .replace('_', '-');
    if (FLOWS.contains(name)) {
      return Optional.of(
          new Refusal(
              "implicit-refused",
              "is no setting: the gateway uses the authorization code flow and nothing else;"
                  + " remove it"));
    }
    if (REDIRECT_URIS.contains(name)) {
      boolean web = value.map(v -> v.matches("(?i)https?://.*")).orElse(true);
      return Optional.of(
          new Refusal(
              web ? "unknown-key" : "redirect-scheme",
              "is no setting: the redirect URI is public-url + /gatehouse/callback, http(s) only;"
                  + " register that at the OP and remove this key"));
    }
    if (TOKEN_IN_QUERY.contains(name)) {
      return Optional.of(
          new Refusal(
              "userinfo-query",
              "is no setting: an access token goes into the Authorization header, never into a URL"
                  + " (RFC 9700 §4.3.2); remove it"));
    }
    if (SECRET_IN_URL.contains(name)) {
      return Optional.of(
          new Refusal(
              "secret-in-url",
              "is no setting: token requests are POSTs whose secrets are in header or body (RFC"
                  + " 6749 §2.3.1, §3.2); remove it"));
    }
    return Optional.empty();
  }

  /** A fixed code and what to do. */
  record Refusal(String code, String message) {}
}
