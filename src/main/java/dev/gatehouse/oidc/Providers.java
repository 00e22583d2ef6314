package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.OpCallMeter;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Provider;
import dev.gatehouse.jose.CompactJws;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.Secret;
import java.time.Clock;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OPs that users log in at, by the names that the configuration gives them. No two have the
 * same issuer. Immutable, safe for concurrent use.
 */
public final class Providers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

  private final Map<String, OpenIdProvider> byName;
  private final Map<String, OpConnection> connections;
  private final Optional<String> standard;

  private Providers(
      Map<String, OpenIdProvider> byName,
      Map<String, OpConnection> connections,
      Optional<String> standard) {
    this.byName = Collections.unmodifiableMap(byName);
    this.connections = Collections.unmodifiableMap(connections);
    this.standard = standard;
  }

  /**
   * Opens a connection to each OP of {@code config}; the first readings are under way when it
   * returns.
   *
   * @param meter is told of each call
   * @param wantedClaims userinfo is asked when an ID token lacks one of these
   * @throws IllegalArgumentException when a connection cannot be made from the configuration
   */
  public static Providers open(
      GatehouseConfig config,
      Clock clock,
      RandomTokens random,
      OpCallMeter meter,
      Set<String> wantedClaims) {
    Map<String, OpenIdProvider> byName = new LinkedHashMap<>();
    Map<String, OpConnection> connections = new LinkedHashMap<>();
    for (Provider provider : config.providers().values()) {
      report(provider);
      OpConnection connection =
          OpConnection.open(
              provider,
              config.backchannel(),
              config.insecureAllowHttp(),
              config.strict(),
              clock,
              random,
              meter);
      connections.put(provider.name(), connection);
      byName.put(provider.name(), new DiscoveredProvider(connection, provider, wantedClaims));
    }
    Optional<String> only =
        byName.size() == 1 ? Optional.of(byName.keySet().iterator().next()) : Optional.empty();
    return new Providers(byName, connections, config.defaultProvider().or(() -> only));
  }

  private static void report(Provider provider) {
    if (!provider.adaptations().isEmpty()) {
      LOG.info(
          "the gateway adapts to departures of {} ({}) from the standards: {}",
          provider.name(),
          provider.issuer(),
          String.join(", ", provider.adaptations()));
    }
  }

  /** All of them, in the order of the configuration. */
  public Collection<OpenIdProvider> all() {
    return byName.values();
  }

  /** The OP of that name. */
  public Optional<OpenIdProvider> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The OP with that issuer identifier, compared exactly. */
  public Optional<OpenIdProvider> atIssuer(String issuer) {
    for (OpenIdProvider provider : byName.values()) {
      if (provider.issuer().equals(issuer)) {
        return Optional.of(provider);
      }
    }
    return Optional.empty();
  }

  /**
   * The OP that a signed token claims to be from, to be verified by that OP and no other; where
   * there is one OP it is that one. Nothing is believed of the token but whom to ask.
   */
  public Optional<OpenIdProvider> claimedBy(Secret token) {
    return byName.size() == 1
        ? byName.values().stream().findFirst()
        : CompactJws.parse(token.reveal())
            .flatMap(unverified -> unverified.claims().text("iss"))
            .flatMap(this::atIssuer);
  }

  /**
   * The OP that logs users in where nothing else says so: the default one, or the only one; empty
   * where the user has to choose.
   */
  public Optional<OpenIdProvider> standard() {
    return standard.map(byName::get);
  }

  /** What all dealings with the OP of that name share. */
  public OpConnection connection(String name) {
    return connections.get(name);
  }

  /** The public halves of our own keys at all OPs, as JWKs (RFC 7517 §4); never blocks. */
  public List<Map<String, Object>> publishedKeys() {
    return connections.values().stream()
        .flatMap(connection -> connection.clientKeys().published().stream())
        .distinct()
        .toList();
  }

  /** Ends the background work of all and closes their connections. */
  @Override
  public void close() {
    byName.values().forEach(OpenIdProvider::close);
  }
}
