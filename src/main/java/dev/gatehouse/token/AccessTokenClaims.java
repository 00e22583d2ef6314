package dev.gatehouse.token;

import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.jose.Audiences;
import dev.gatehouse.oidc.NumericDate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules that JWT access tokens and introspection responses have in common. Immutable. */
final class AccessTokenClaims {
  /** How far the OP's clock may be ahead of ours. */
  static final Duration SKEW = Duration.ofSeconds(60);

  private static final int MAX_SUBJECT_CHARS = 255;

  private final String issuer;
  private final String audience;
  private final Duration unknownLifetime;
  private final Clock clock;

  /**
   * @param unknownLifetime of a token whose expiry the OP does not tell: then it is asked again
   */
  AccessTokenClaims(String issuer, String audience, Duration unknownLifetime, Clock clock) {
    this.issuer = issuer;
    this.audience = audience;
    this.unknownLifetime = unknownLifetime;
    this.clock = clock;
  }

  /** Whether the token is from our OP; exact match. */
  boolean isFromIssuer(JsonObject claims) {
    return issuer.equals(claims.get("iss"));
  }

  /** Whether the token is for this API (RFC 8707 §2); a client id is no audience (TH-BEAR-7). */
  boolean isForUs(JsonObject claims) {
    return Audiences.of(claims).contains(audience);
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

  /** The subject, where there is a usable one. */
  Optional<String> subject(JsonObject claims) {
    return claims
        .text("sub")
        .filter(subject -> !subject.isBlank() && subject.length() <= MAX_SUBJECT_CHARS);
  }

  /** The verdict about claims that keep every rule; bad where nobody could prove their binding. */
  TokenVerdict verdict(JsonObject claims) {
    return TokenBinding.of(claims)
        .<TokenVerdict>map(binding -> active(claims, binding))
        .orElseGet(() -> new TokenVerdict.Rejected(BearerError.INVALID_TOKEN));
  }

  private TokenVerdict.Active active(JsonObject claims, TokenBinding binding) {
    Map<String, Object> known = new LinkedHashMap<>(claims.members());
    known.values().removeIf(value -> value == null);
    return new TokenVerdict.Active(
        issuer,
        subject(claims).orElseThrow(),
        scopes(claims),
        known,
        expiry(claims).orElseGet(() -> now().plus(unknownLifetime)),
        binding);
  }

  // RFC 6749 §3.3: scope-tokens are parted by single spaces and compared exactly. Some OPs call
  // them scp, and some of those make a list of them. What is neither grants nothing.
  private static Set<String> scopes(JsonObject claims) {
    Object scope = claims.has("scope") ? claims.get("scope") : claims.get("scp");
    if (scope instanceof String text) {
      return text.isEmpty() ? Set.of() : List.of(text.split(" ")).stream().collect(distinct());
    }
    return claims.has("scope") || !(scope instanceof List<?> list)
        ? Set.of()
        : list.stream()
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .filter(one -> one.indexOf(' ') < 0)
            .collect(distinct());
  }

  private static java.util.stream.Collector<String, ?, Set<String>> distinct() {
    return Collectors.toUnmodifiableSet();
  }

  private static Optional<Instant> expiry(JsonObject claims) {
    return NumericDate.read(claims.get("exp"));
  }

  private Instant now() {
    return clock.instant();
  }
}
