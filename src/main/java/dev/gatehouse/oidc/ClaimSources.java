package dev.gatehouse.oidc;

import java.util.Map;
import java.util.Optional;

/**
 * What one OP says of a user, and where: the token endpoint, ID tokens, userinfo. Safe for
 * concurrent use.
 *
 * @param withoutIdTokens stands in for ID tokens at an OP that is not asked for openid
 */
record ClaimSources(
    OpConnection connection,
    TokenEndpoint tokenEndpoint,
    IdTokenVerifier idTokens,
    UserinfoNeed userinfoNeed,
    UserinfoEndpoint userinfo,
    Optional<UserinfoIdentity> withoutIdTokens) {

  /**
   * The metadata.
   *
   * @throws IllegalStateException before they have been discovered
   */
  ProviderMetadata metadata() {
    return connection
        .discovery()
        .metadata()
        .orElseThrow(() -> new IllegalStateException("the OP's metadata are not known yet"));
  }

  /**
   * Completes {@code claims}: what the ID token says stands, for it is signed. Null is as good as
   * absent (Core §5.3.2).
   */
  static void add(Map<String, Object> claims, Map<String, Object> more) {
    more.forEach(
        (name, value) -> {
          if (value != null) {
            claims.putIfAbsent(name, value);
          }
        });
  }
}
