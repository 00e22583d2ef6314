package dev.gatehouse.oidc;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * What the OP says of itself, after all rules have been checked (OpenID Connect Discovery §3, RFC
 * 8414 §2). Made by {@link MetadataRules} alone. Immutable.
 *
 * @param promisesIssuerParameter whether {@code iss} comes with every authorization response (RFC
 *     9207 §3)
 * @param requests how the OP wants to be asked
 */
public record ProviderMetadata(
    URI authorizationEndpoint,
    URI tokenEndpoint,
    URI jwksUri,
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
