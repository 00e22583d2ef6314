package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Spells parameters as the query of an endpoint (RFC 6749 appendix B). */
final class AuthenticationRequestUrl {
  private AuthenticationRequestUrl() {}

  /** The URL, which ends in an empty fragment so that the app's own is not carried along. */
  static URI at(URI authorizationEndpoint, Map<String, List<String>> parameters) {
    return URI.create(spell(authorizationEndpoint, parameters) + "#");
  }

  /** {@code endpoint} with {@code parameters} after its own query, which is kept as it is. */
  static String withQuery(URI endpoint, Map<String, String> parameters) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    parameters.forEach((name, value) -> all.put(name, List.of(value)));
    return spell(endpoint, all);
  }

  private static String spell(URI endpoint, Map<String, List<String>> parameters) {
    StringBuilder url = new StringBuilder(endpoint.toString());
    String query = endpoint.getRawQuery();
    String separator = query == null ? "?" : query.isEmpty() || query.endsWith("&") ? "" : "&";
    for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
      for (String value : parameter.getValue()) {
        url.append(separator).append(encode(parameter.getKey())).append('=').append(encode(value));
        separator = "&";
      }
    }
    return url.toString();
  }

  // %20 rather than +: both are right (RFC 6749 appendix B), but not every OP reads the latter.
  private static String encode(String value) {
    return URLEncoder.encode(value, UTF_8).replace("+", "%20");
  }
}
