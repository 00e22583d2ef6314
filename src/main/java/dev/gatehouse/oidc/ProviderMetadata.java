package dev.gatehouse.oidc;

import dev.gatehouse.config.Provider.Endpoints;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * What the OP says of itself, after all rules have been checked (OpenID Connect Discovery §3, RFC
 * 8414 §2), or what the configuration says of it. Immutable.
 *
 * @param jwksUri absent for an OP without signed tokens, or whose tokens the client secret signs
 * @param promisesIssuerParameter whether {@code iss} comes with every authorization response (RFC
 *     9207 §3)
 * @param requests how the OP wants to be asked
 */
public record ProviderMetadata(
    URI authorizationEndpoint,
    URI tokenEndpoint,
    Optional<URI> jwksUri,
    Optional<URI> userinfoEndpoint,
    Optional<URI> endSessionEndpoint,
    Optional<URI> introspectionEndpoint,
    Optional<URI> revocationEndpoint,
    boolean promisesIssuerParameter,
    RequestMetadata requests) {
  public ProviderMetadata {
    Objects.requireNonNull(authorizationEndpoint, "authorizationEndpoint");
    Objects.requireNonNull(tokenEndpoint, "tokenEndpoint");
    Objects.requireNonNull(jwksUri, "jwksUri");
    Objects.requireNonNull(requests, "requests");
  }

  /**
   * The metadata of an OP whose endpoints all stand in the configuration.
   *
   * @throws IllegalArgumentException when the authorization or the token endpoint does not
   */
  static ProviderMetadata of(Endpoints endpoints) {
    return new ProviderMetadata(
        endpoints.authorization().orElseThrow(IllegalArgumentException::new),
        endpoints.token().orElseThrow(IllegalArgumentException::new),
        endpoints.jwks(),
        endpoints.userinfo(),
        endpoints.endSession(),
        endpoints.introspection(),
        endpoints.revocation(),
        false,
        RequestMetadata.NONE);
  }

  /** These metadata, but the endpoints that stand in the configuration from there. */
  ProviderMetadata with(Endpoints configured) {
    return new ProviderMetadata(
        authorizationEndpoint,
        configured.token().orElse(tokenEndpoint),
        configured.jwks().or(() -> jwksUri),
        configured.userinfo().or(() -> userinfoEndpoint),
        configured.endSession().or(() -> endSessionEndpoint),
        configured.introspection().or(() -> introspectionEndpoint),
        configured.revocation().or(() -> revocationEndpoint),
        promisesIssuerParameter,
        requests);
  }

  /** These metadata, with every promise of {@code earlier} kept (TH-CFG-16). */
  ProviderMetadata keepingPromisesOf(ProviderMetadata earlier) {
    return new ProviderMetadata(
        authorizationEndpoint,
        tokenEndpoint,
        jwksUri,
        userinfoEndpoint,
        endSessionEndpoint,
        introspectionEndpoint,
        revocationEndpoint,
        promisesIssuerParameter || earlier.promisesIssuerParameter,
        requests.keepingDemandsOf(earlier.requests));
  }
}
