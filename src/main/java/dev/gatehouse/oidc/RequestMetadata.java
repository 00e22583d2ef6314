package dev.gatehouse.oidc;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * How the OP wants to be asked (RFC 9126 §5, RFC 9101 §9.2). Immutable.
 *
 * @param pushedEndpoint where requests can be pushed to
 * @param pushedRequired whether no other request is taken
 * @param signedRequired whether no unsigned request is taken
 */
public record RequestMetadata(
    Optional<URI> pushedEndpoint, boolean pushedRequired, boolean signedRequired) {
  /** An OP that says nothing of it. */
  public static final RequestMetadata NONE = new RequestMetadata(Optional.empty(), false, false);

  public RequestMetadata {
    Objects.requireNonNull(pushedEndpoint, "pushedEndpoint");
  }

  /** These, and what {@code earlier} demanded stays demanded (TH-CFG-16). */
  RequestMetadata keepingDemandsOf(RequestMetadata earlier) {
    return new RequestMetadata(
        pushedEndpoint.or(earlier::pushedEndpoint),
        pushedRequired || earlier.pushedRequired,
        signedRequired || earlier.signedRequired);
  }
}
