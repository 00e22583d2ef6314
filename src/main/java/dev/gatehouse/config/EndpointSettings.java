package dev.gatehouse.config;

import dev.gatehouse.config.Provider.Endpoints;
import dev.gatehouse.config.Provider.Quirks;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads where an OP without metadata is, and how it departs from the standards. */
final class EndpointSettings {
  private static final Set<String> IN_NO_URL =
      Set.of(
          "accesstoken",
          "token",
          "oauthtoken",
          "refreshtoken",
          "code",
          "clientsecret",
          "secret",
          "appsecret",
          "appsecretproof",
          "appkey",
          "apikey",
          "password");

  private final Values values;
  private final String prefix;
  private final boolean allowHttp;

  /**
   * @param prefix the section of the OP with a dot, such as {@code provider.}
   * @param allowHttp whether http is taken on loopback addresses
   */
  EndpointSettings(Values values, String prefix, boolean allowHttp) {
    this.values = values;
    this.prefix = prefix;
    this.allowHttp = allowHttp;
  }

  /** The endpoints that the file names. */
  Endpoints endpoints() {
    return new Endpoints(
        url("authorization-endpoint"),
        url("token-endpoint"),
        url("userinfo-endpoint"),
        url("jwks-uri"),
        url("revocation-endpoint"),
        url("introspection-endpoint"),
        url("end-session-endpoint"));
  }

  /** The adaptations that the file switches on. */
  Quirks quirks() {
    return new Quirks(
        values.choice(prefix + "scope-separator").filter("comma"::equals).isPresent(),
        values.choice(prefix + "pkce").filter("off"::equals).isPresent(),
        values.choice(prefix + "missing-token-type").filter("accept"::equals).isPresent(),
        values.choice(prefix + "token-response-format").filter("form"::equals).isPresent(),
        url("server-state-endpoint"));
  }

  // RFC 6750 §2.3, RFC 6749 §2.3.1: what stands in a URL is logged, cached and passed on.
  private void checkQuery(String key, URI uri) {
    for (String parameter : Optional.ofNullable(uri.getRawQuery()).orElse("").split("&")) {
      String name = parameter.split("=", 2)[0].toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
      if (IN_NO_URL.contains(name)) {
        boolean userinfo = key.endsWith("userinfo-endpoint");
        values.error(
            userinfo ? "userinfo-query" : "secret-in-url",
            key,
            "has a secret or token in its query ("
                + parameter.split("=", 2)[0]
                + "): the gateway sends them in header or body alone, and there is no switch for"
                + " this. Remove it; if the OP accepts nothing else, it cannot be used");
      }
    }
  }

  private Optional<URI> url(String name) {
    String key = prefix + name;
    Optional<String> text = values.text(key);
    Optional<URI> uri = text.flatMap(WebUrl::parse);
    if (text.isPresent() && uri.isEmpty()) {
      values.error("endpoint-syntax", key, "is no absolute URL; write https://HOST/PATH");
      return Optional.empty();
    }
    if (uri.isPresent()
        && (uri.get().getRawFragment() != null || uri.get().getRawUserInfo() != null)) {
      values.error("endpoint-syntax", key, "has a fragment or a user name; remove it");
    }
    uri.ifPresent(present -> checkQuery(key, present));
    if (uri.isPresent()
        && WebUrl.isPlain(uri.get())
        && !(allowHttp && Loopback.isHost(uri.get().getHost()))) {
      values.error(
          "insecure-endpoint", key, "is http: secrets and tokens would travel in the clear");
    }
    return uri;
  }
}
