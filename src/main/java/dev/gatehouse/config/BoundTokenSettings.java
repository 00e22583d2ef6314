package dev.gatehouse.config;

import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.GatehouseConfig.BearerBinding;
import dev.gatehouse.config.GatehouseConfig.BindingDemand;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads how access tokens are bound to a key of their client, and where that key is looked for. */
final class BoundTokenSettings {
  private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  /** Fields that mean something else to us or to every server. */
  private static final Set<String> TAKEN =
      Set.of(
          "authorization",
          "cookie",
          "host",
          "dpop",
          "connection",
          "content-length",
          "content-type",
          "transfer-encoding",
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-proto");

  private static final String CONSTRAINT = "bearer.sender-constraint";
  private static final String HEADER = "bearer.client-certificate-header";
  private static final String LISTENER = "tls.client-certificates";

  private final Values values;
  private final Door door;

  BoundTokenSettings(Values values, Door door) {
    this.values = values;
    this.door = door;
  }

  /**
   * What binds tokens, and where certificates come from.
   *
   * @param trustedProxies those that may tell a client's certificate
   */
  BearerBinding binding(List<Cidr> trustedProxies) {
    BindingDemand demand =
        values
            .choice(CONSTRAINT)
            .map(word -> BindingDemand.valueOf(word.toUpperCase(Locale.ROOT)))
            .orElse(BindingDemand.OPTIONAL);
    Optional<String> header = header(trustedProxies);
    boolean asks = listenerAsks();
    if (demand == BindingDemand.MTLS
        && door == Door.STANDALONE
        && !asks
        && (header.isEmpty() || trustedProxies.isEmpty())
        && values.isSound(CONSTRAINT, HEADER, LISTENER)) {
      values.error(
          "client-certificates-missing",
          CONSTRAINT,
          "is mtls, but no client certificate is ever seen: write tls: {client-certificates:"
              + " optional}, or name in bearer.client-certificate-header where a proxy in front"
              + " tells it");
    }
    return new BearerBinding(demand, values.flag("bearer.dpop-nonce"), asks, header);
  }

  private Optional<String> header(List<Cidr> trustedProxies) {
    Optional<String> header = values.text(HEADER);
    header
        .filter(
            name ->
                !FIELD_NAME.matcher(name).matches()
                    || TAKEN.contains(name.toLowerCase(Locale.ROOT)))
        .ifPresent(
            name ->
                values.error(
                    "header-name",
                    HEADER,
                    "is "
                        + values.shown(HEADER)
                        + "; write the name of a header of its own, such as Client-Cert"));
    if (header.isPresent() && trustedProxies.isEmpty() && values.isSound("trusted-proxies")) {
      values.warn(
          "trusted-proxies-missing",
          HEADER,
          "is set, but nobody is trusted to tell it; name the proxy in trusted-proxies");
    }
    return header;
  }

  private boolean listenerAsks() {
    return values.choice(LISTENER).filter("optional"::equals).isPresent();
  }

  /** A listener that asks browsers for certificates of which nothing is made. */
  void warnOfIdleListener() {
    if (listenerAsks()) {
      values.warn(
          "client-certificates-unused",
          LISTENER,
          "is optional, but no rule takes access tokens, and nothing else looks at certificates;"
              + " remove it");
    }
  }
}
