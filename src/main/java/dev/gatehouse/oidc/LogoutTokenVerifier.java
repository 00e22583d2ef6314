package dev.gatehouse.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.jose.Audiences;
import dev.gatehouse.jose.CompactJws;
import dev.gatehouse.jose.JwsAlgorithm;
import dev.gatehouse.jose.JwsVerdict;
import dev.gatehouse.jose.JwsVerifier;
import dev.gatehouse.jose.TokenDecrypter;
import dev.gatehouse.seal.Digests;
import dev.gatehouse.seal.Secret;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Verifies logout tokens (OpenID Connect Back-Channel Logout §2.6). What costs nothing is checked
 * first, so that a flood of forged tokens costs no signature (TH-DOS-12). Safe for concurrent use.
 */
final class LogoutTokenVerifier {
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final Set<String> OWN_TYPES = Set.of("logout+jwt", "application/logout+jwt");
  private static final Set<String> TYPES =
      Set.of("logout+jwt", "application/logout+jwt", "jwt", "application/jwt");
  private static final int MAX_REMEMBERED = 100_000;

  /** The longest time that a token can be good for, and so has to be remembered. */
  private static final Duration MAX_LIFETIME = Duration.ofMinutes(15);

  private final String issuer;
  private final String clientId;
  private final TokenDecrypter encryption;
  private final JwsVerifier signatures;
  private final Predicate<JwsAlgorithm> signsIdTokens;
  private final boolean strict;
  private final Clock clock;
  private final Cache<ByteBuffer, Instant> seen;

  /**
   * @param signsIdTokens whether the OP signs its ID tokens by that algorithm
   * @param strict whether the token has to say its type
   */
  LogoutTokenVerifier(
      String issuer,
      String clientId,
      TokenDecrypter encryption,
      JwsVerifier signatures,
      Predicate<JwsAlgorithm> signsIdTokens,
      boolean strict,
      Clock clock) {
    this.issuer = issuer;
    this.clientId = clientId;
    this.encryption = encryption;
    this.signatures = signatures;
    this.signsIdTokens = signsIdTokens;
    this.strict = strict;
    this.clock = clock;
    this.seen =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(MAX_LIFETIME.plus(IdTokenVerifier.SKEW.multipliedBy(2)))
            .build();
  }

  LogoutToken verify(Secret received, Deadline deadline) {
    // §2.6 rule 1.
    TokenDecrypter.Opening opening = encryption.open(received);
    if (!(opening instanceof TokenDecrypter.Opening.Opened opened)) {
      return new LogoutToken.Refused(
          opening instanceof TokenDecrypter.Opening.Refused no ? no.reason() : "encryption");
    }
    Secret logoutToken = opened.token();
    Optional<CompactJws> unverified = CompactJws.parse(logoutToken.reveal());
    if (unverified.isEmpty()) {
      return new LogoutToken.Refused("malformed");
    }
    Optional<String> broken = firstBrokenRule(unverified.get().header(), unverified.get().claims());
    if (broken.isPresent()) {
      return new LogoutToken.Refused(broken.get());
    }
    JwsVerdict verdict = signatures.verify(logoutToken.reveal(), deadline);
    if (verdict instanceof JwsVerdict.Undecided undecided) {
      return new LogoutToken.Undecided(undecided.failure());
    }
    if (!(verdict instanceof JwsVerdict.Signed signed)) {
      return new LogoutToken.Refused(
          verdict instanceof JwsVerdict.Refused refused ? refused.reason() : "signature");
    }
    // §2.6 rule 3: by the algorithm of the ID tokens, which one client has one of.
    return signsIdTokens.test(signed.algorithm())
        ? once(signed.claims())
        : new LogoutToken.Refused("alg");
  }

  // §2.6 rule 7: a token counts once; the memory is as long as the token can be good.
  private LogoutToken once(JsonObject claims) {
    String id = claims.text("jti").orElseThrow();
    ByteBuffer key = ByteBuffer.wrap(Digests.sha256(id));
    if (seen.asMap().putIfAbsent(key, clock.instant()) != null) {
      return new LogoutToken.Refused("jti");
    }
    return new LogoutToken.Verified(claims.text("sid"), claims.text("sub"));
  }

  // OpenID Connect Back-Channel Logout §2.6, rules by number.
  // 1 (decrypt): see above. 2 (signature): JwsVerifier.
  private Optional<String> firstBrokenRule(JsonObject header, JsonObject claims) {
    // §2.4, RFC 8725 §3.11: where the type is said it is this one; plain JWT is what older OPs say.
    if ((strict || header.has("typ"))
        && !header.text("typ").map(t -> types().contains(lower(t))).orElse(false)) {
      return Optional.of("typ");
    }
    // 3: iss, aud, iat and exp as in an ID token.
    if (!issuer.equals(claims.get("iss"))) {
      return Optional.of("iss");
    }
    List<String> audiences = Audiences.of(claims);
    if (audiences.isEmpty() || !audiences.stream().allMatch(clientId::equals)) {
      return Optional.of("aud");
    }
    return brokenTime(claims).or(() -> brokenEvent(claims));
  }

  private Set<String> types() {
    return strict ? OWN_TYPES : TYPES;
  }

  private static String lower(String type) {
    return type.toLowerCase(Locale.ROOT);
  }

  private Optional<String> brokenTime(JsonObject claims) {
    Instant now = clock.instant();
    Optional<Instant> expiry = NumericDate.read(claims.get("exp"));
    if (expiry.isEmpty() || !expiry.get().isAfter(now.minus(IdTokenVerifier.SKEW))) {
      return Optional.of("exp");
    }
    Optional<Instant> issued = NumericDate.read(claims.get("iat"));
    boolean fits =
        issued.isPresent()
            && !issued.get().isAfter(now.plus(IdTokenVerifier.SKEW))
            && issued.get().isAfter(now.minus(MAX_LIFETIME));
    return fits ? Optional.empty() : Optional.of("iat");
  }

  private static Optional<String> brokenEvent(JsonObject claims) {
    // 4: sub, sid or both.
    if (text(claims, "sub").isEmpty() && text(claims, "sid").isEmpty()) {
      return Optional.of("sub");
    }
    if ((claims.has("sub") && text(claims, "sub").isEmpty())
        || (claims.has("sid") && text(claims, "sid").isEmpty())) {
      return Optional.of("sub");
    }
    // 5: the event, whose value is a JSON object.
    if (!(claims.get("events") instanceof Map<?, ?> events)
        || !(events.get(EVENT) instanceof Map<?, ?>)) {
      return Optional.of("events");
    }
    // 6: a nonce is the mark of an ID token.
    if (claims.has("nonce")) {
      return Optional.of("nonce");
    }
    return text(claims, "jti").isEmpty() ? Optional.of("jti") : Optional.empty();
  }

  private static Optional<String> text(JsonObject claims, String name) {
    return claims.text(name).filter(value -> !value.isEmpty());
  }
}
