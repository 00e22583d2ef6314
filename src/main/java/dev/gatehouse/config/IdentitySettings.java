package dev.gatehouse.config;

import dev.gatehouse.config.GatehouseConfig.IdentityMapping;
import dev.gatehouse.config.Node.Scalar;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what the app is told, and under which names. */
final class IdentitySettings {
  // RFC 9110 §5.6.2
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  // Names that mean something to HTTP itself or to whoever forwards it. A claim in one of them
  // could
  // change where a request ends, what it asks for, or whom it seems to come from.
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "cookie",
          "set-cookie",
          "authorization",
          "proxy-authorization",
          "proxy-authenticate",
          "www-authenticate",
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect",
          "via",
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-proto",
          "x-forwarded-port",
          "x-forwarded-server",
          "x-forwarded-prefix",
          "x-forwarded-path",
          "x-real-ip",
          "x-original-url",
          "x-rewrite-url",
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "range",
          "max-forwards",
          "origin",
          "referer",
          "location",
          "date");

  private final Values values;

  IdentitySettings(Values values) {
    this.values = values;
  }

  /** The mapping of claims to headers. */
  IdentityMapping read() {
    Map<String, String> headers = headers();
    return new IdentityMapping(
        headers, required(headers), values.text("identity.roles").orElse("groups"));
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    Map<String, String> folded = new HashMap<>();
    values
        .map("identity.headers")
        .forEach(
            (name, node) -> {
              String key = "identity.headers." + name;
              String claim = ((Scalar) node).text();
              checkName(key, name);
              String other = folded.putIfAbsent(fold(name), name);
              if (other != null) {
                values.error(
                    "header-name", key, "is the same name as " + other + " to an app; keep one");
              }
              if (claim.isBlank()) {
                values.error("empty", key, "names no claim; write one, such as sub");
              }
              headers.put(name, claim);
            });
    return headers;
  }

  private void checkName(String key, String name) {
    if (!TOKEN.matcher(name).matches()) {
      values.error("header-name", key, "is no header name; write letters, digits and hyphens");
    } else if (RESERVED.contains(fold(name))
        || fold(name).startsWith("content-")
        || fold(name).startsWith("sec-")) {
      values.error(
          "header-name",
          key,
          "is a field of HTTP itself or of forwarding; take a name such as X-Gatehouse-User");
    }
  }

  // As CGI, WSGI, PHP and Rack fold names into variables.
  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
  }

  private Set<String> required(Map<String, String> headers) {
    values
        .items("identity.required")
        .forEach(
            (place, name) -> {
              if (!headers.containsKey(name.text()) && values.isSound("identity.headers", place)) {
                values.error(
                    "header-name",
                    place,
                    "is " + name.shown() + ", which identity.headers does not have; add it there");
              }
            });
    return new LinkedHashSet<>(values.texts("identity.required"));
  }
}
