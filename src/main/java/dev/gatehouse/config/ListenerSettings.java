package dev.gatehouse.config;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what the standalone gateway speaks where it listens, and what it tells about https. */
final class ListenerSettings {
  private static final String PROXY = "listener.proxy-protocol";
  private static final String H2C = "listener.h2c";
  private static final String REDIRECT = "listener.redirect-from";
  private static final String PRELOAD = "hsts.preload";

  /** What the operators of the preload lists ask for. */
  private static final Duration LEAST_PRELOADED = Duration.ofDays(365);

  private final Values values;
  private final AddressSettings addresses;

  ListenerSettings(Values values, AddressSettings addresses) {
    this.values = values;
    this.addresses = addresses;
  }

  /**
   * @param listen where the gateway itself listens
   * @param management where operators look
   * @param tls whether the gateway ends TLS
   */
  Listener listener(
      Optional<PublicUrl> publicUrl,
      Optional<HostPort> listen,
      Optional<HostPort> management,
      boolean tls) {
    boolean h2c = values.flag(H2C);
    if (h2c && tls) {
      values.error(
          "h2c-with-tls",
          H2C,
          "is true, but tls is set: nothing arrives in the clear. Take it out; over TLS it is"
              + " listener.http2 that offers HTTP/2");
    }
    boolean proxies = values.flag(PROXY);
    if (proxies && values.items("trusted-proxies").isEmpty()) {
      values.error(
          "proxy-protocol-peers",
          PROXY,
          "is true, but trusted-proxies is empty: anybody could say what address he has. Write the"
              + " addresses of the balancers that send the header, such as trusted-proxies:"
              + " [10.0.0.7]");
    }
    Optional<HostPort> redirect = addresses.hostPort(REDIRECT);
    redirect.ifPresent(
        from -> check(from, publicUrl, Stream.concat(listen.stream(), management.stream())));
    return new Listener(values.flag("listener.http2"), h2c, proxies, redirect);
  }

  private void check(HostPort from, Optional<PublicUrl> publicUrl, Stream<HostPort> others) {
    if (publicUrl.isPresent() && !publicUrl.get().https()) {
      values.error(
          "redirect-to-http",
          REDIRECT,
          "is set, but public-url is http: there is nothing to redirect to. Write https there, or"
              + " take this out");
    }
    if (from.port() != 0 && others.anyMatch(other -> other.port() == from.port())) {
      values.error(
          "port-conflict",
          REDIRECT,
          "has the same port as listen or management.listen; give it its own, such as 80");
    }
  }

  /** What browsers are told about https. */
  Hsts hsts() {
    Hsts hsts =
        new Hsts(
            values.flag("hsts.enabled"),
            values.duration("hsts.max-age"),
            values.flag("hsts.include-subdomains"),
            values.flag(PRELOAD));
    if (hsts.preload()
        && (!hsts.enabled()
            || !hsts.includeSubdomains()
            || hsts.maxAge().compareTo(LEAST_PRELOADED) < 0)) {
      values.error(
          "hsts-preload",
          PRELOAD,
          "is true, but the preload lists take only what includes subdomains and lasts a year;"
              + " write hsts.include-subdomains: true and hsts.max-age: 730d");
    }
    return hsts;
  }
}
