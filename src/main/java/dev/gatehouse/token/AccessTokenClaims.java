package dev.gatehouse.token;

import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.oidc.NumericDate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules that JWT access tokens and introspection responses have in common. Immutable. */
final class AccessTokenClaims {
  /** How far the OP's clock may be ahead of ours. */
  private static final Duration SKEW = Duration.ofSeconds(60);

  private static final int MAX_SUBJECT_CHARS = 255;

  private final String issuer;
  private final String audience;
  private final Clock clock;

  AccessTokenClaims(String issuer, String audience, Clock clock) {
    this.issuer = issuer;
    this.audience = audience;
    this.clock = clock;
  }

  /** Whether the token is from our OP; exact match. */
  boolean isFromIssuer(JsonObject claims) {
    return issuer.equals(claims.get("iss"));
  }

  /** Whether the token is for this API (RFC 8707 §2); a client id is no audience (TH-BEAR-7). */
  boolean isForUs(JsonObject claims) {
    Object aud = claims.get("aud");
    return aud instanceof List<?> list ? list.contains(audience) : audience.equals(aud);
  }

  /** Whether {@code exp}, where present, lies ahead: a token at its very exp has expired. */
  boolean isAlive(JsonObject claims) {
    return !claims.has("exp") || expiry(claims).map(exp -> exp.isAfter(now())).orElse(false);
  }

  /** Whether that time claim, where present, is a time and not in the future. */
  boolean hasBegun(JsonObject claims, String name) {
    return !claims.has(name)
        || NumericDate.read(claims.get(name))
            .map(begin -> !begin.isAfter(now().plus(SKEW)))
            .orElse(false);
  }

  /**
   * Whether the token is bound to a key that its bearer would have to prove (RFC 7800 §3.1). Such a
   * token is worth nothing as a plain bearer token (TH-BEAR-17).
   */
  boolean isBoundToKey(JsonObject claims) {
    return claims.has("cnf");
  }

  /** The subject, where there is a usable one. */
  Optional<String> subject(JsonObject claims) {
    return claims
        .text("sub")
        .filter(subject -> !subject.isBlank() && subject.length() <= MAX_SUBJECT_CHARS);
  }

  /** The verdict about claims that keep every rule. */
  TokenVerdict.Active active(JsonObject claims, String subject) {
    Map<String, Object> known = new LinkedHashMap<>(claims.members());
    known.values().removeIf(value -> value == null);
    return new TokenVerdict.Active(
        issuer,
        subject,
        scopes(claims),
        known,
        expiry(claims).orElseGet(() -> now().plus(VerdictCache.POSITIVE)));
  }

  // RFC 6749 §3.3: scope-tokens are parted by single spaces and compared exactly. What is no string
  // grants nothing.
  private static Set<String> scopes(JsonObject claims) {
    return claims
        .text("scope")
        .filter(scope -> !scope.isEmpty())
        .map(scope -> Set.copyOf(List.of(scope.split(" "))))
        .orElse(Set.of());
  }

  private static Optional<Instant> expiry(JsonObject claims) {
    return NumericDate.read(claims.get("exp"));
  }

  private Instant now() {
    return clock.instant();
  }
}
