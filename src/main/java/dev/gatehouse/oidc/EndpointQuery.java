package dev.gatehouse.oidc;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What must not stand in the URL of an endpoint that is posted to: URLs are logged, cached and sent
 * on (RFC 6749 §2.3.1, TH-QUIRK-13).
 */
final class EndpointQuery {
  private static final Set<String> BODY_ONLY =
      Set.of(
          "client_id",
          "client_secret",
          "client_assertion",
          "client_assertion_type",
          "grant_type",
          "code",
          "code_verifier",
          "redirect_uri",
          "token",
          "access_token",
          "refresh_token",
          "password");

  private EndpointQuery() {}

  /** The first parameter in the query of {@code endpoint} that belongs into the body. */
  static Optional<String> firstMisplaced(URI endpoint) {
    String query = endpoint.getQuery() == null ? "" : endpoint.getQuery();
    for (String parameter : query.split("[&;]")) {
      String name = parameter.split("=", 2)[0].strip().toLowerCase(Locale.ROOT);
      if (BODY_ONLY.contains(name)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }
}
