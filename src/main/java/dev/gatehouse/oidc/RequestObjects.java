package dev.gatehouse.oidc;

import dev.gatehouse.keys.JwtSigner;
import dev.gatehouse.keys.OwnKey;
import dev.gatehouse.seal.Secret;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Signs authentication requests, so that nobody between us and the OP can change one (RFC 9101 §4).
 * Safe for concurrent use.
 */
final class RequestObjects {
  /** RFC 9101 §10.8: of its own type, so that it cannot be taken for a client assertion. */
  private static final String TYPE = "oauth-authz-req+jwt";

  /** From leaving here to arriving at the OP: a redirect, or one call. */
  private static final Duration LIFETIME = Duration.ofSeconds(60);

  private final String clientId;
  private final String issuer;
  private final Supplier<OwnKey> key;
  private final Clock clock;

  /**
   * @param key the key that signs now; it may be replaced at any time
   */
  RequestObjects(String clientId, String issuer, Supplier<OwnKey> key, Clock clock) {
    this.clientId = clientId;
    this.issuer = issuer;
    this.key = key;
    this.clock = clock;
  }

  /** All of {@code parameters} in one signed object that holds for a minute, once. */
  Secret sign(Map<String, List<String>> parameters, String requestId) {
    long now = clock.instant().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", clientId);
    claims.put("aud", issuer);
    claims.put("iat", now);
    claims.put("nbf", now);
    claims.put("exp", now + LIFETIME.toSeconds());
    claims.put("jti", requestId);
    parameters.forEach((name, values) -> claims.put(name, member(name, values)));
    return JwtSigner.sign(key.get(), TYPE, claims);
  }

  // OpenID Connect Core §6.1: numbers are JSON numbers. RFC 8707 §2: several resources are an
  // array.
  private static Object member(String name, List<String> values) {
    if (values.size() > 1) {
      return values;
    }
    return name.equals("max_age") ? (Object) Long.valueOf(values.get(0)) : values.get(0);
  }
}
