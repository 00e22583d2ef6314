package dev.gatehouse.config;

import dev.gatehouse.config.Provider.Endpoints;
import dev.gatehouse.config.Provider.Quirks;
import java.net.URI;
import java.util.Optional;

/** Reads where an OP without metadata is, and how it departs from the standards. */
final class EndpointSettings {
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
    if (uri.isPresent()
        && WebUrl.isPlain(uri.get())
        && !(allowHttp && Loopback.isHost(uri.get().getHost()))) {
      values.error(
          "insecure-endpoint", key, "is http: secrets and tokens would travel in the clear");
    }
    return uri;
  }
}
