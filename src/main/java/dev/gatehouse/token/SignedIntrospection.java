package dev.gatehouse.token;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.LogText;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.jose.Audiences;
import dev.gatehouse.jose.JwsVerdict;
import dev.gatehouse.jose.NestedJwts;
import dev.gatehouse.oidc.NumericDate;
import dev.gatehouse.seal.Secret;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which signed introspection responses are believed (RFC 9701 §5). One that is not says nothing of
 * the token: it is a fault of the OP, not a no. Immutable, safe for concurrent use.
 */
final class SignedIntrospection {
  private static final Logger LOG = LoggerFactory.getLogger(SignedIntrospection.class);
  private static final Set<String> TYPES =
      Set.of("token-introspection+jwt", "application/token-introspection+jwt");

  private final String issuer;
  private final String clientId;
  private final NestedJwts jwts;
  private final Clock clock;

  SignedIntrospection(String issuer, String clientId, NestedJwts jwts, Clock clock) {
    this.issuer = issuer;
    this.clientId = clientId;
    this.jwts = jwts;
    this.clock = clock;
  }

  /** What came of it. */
  sealed interface Opened {
    /** What the OP says of the token (RFC 7662 §2.2). */
    record Response(JsonObject members) implements Opened {}

    /** It cannot be believed. */
    record Unusable(OpFailure failure) implements Opened {}
  }

  /** Judges the body of an answer; blocks only where keys have to be fetched. */
  Opened open(Secret jwt, Deadline deadline) {
    JwsVerdict verdict = jwts.verify(jwt, deadline);
    if (verdict instanceof JwsVerdict.Undecided undecided) {
      return new Opened.Unusable(undecided.failure());
    }
    if (!(verdict instanceof JwsVerdict.Signed signed)) {
      return refused(verdict instanceof JwsVerdict.Refused no ? no.reason() : "signature");
    }
    Optional<String> broken = firstBrokenRule(signed.header(), signed.claims());
    return broken.isPresent()
        ? refused(broken.get())
        : new Opened.Response(signed.claims().object("token_introspection").orElseThrow());
  }

  private static Opened refused(String reason) {
    LOG.error("the OP's introspection response is refused: {}", LogText.clean(reason));
    return new Opened.Unusable(OpFailure.NONSENSE);
  }

  // RFC 9701 §5; §8.1 has typ tell it from every other token that the OP signs.
  private Optional<String> firstBrokenRule(JsonObject header, JsonObject claims) {
    if (header.text("typ").filter(typ -> TYPES.contains(typ.toLowerCase(Locale.ROOT))).isEmpty()) {
      return Optional.of("typ");
    }
    if (!issuer.equals(claims.get("iss"))) {
      return Optional.of("iss");
    }
    // aud: the resource server that asked, by its client id; what was said to another is not ours.
    if (!Audiences.of(claims).contains(clientId)) {
      return Optional.of("aud");
    }
    // iat: it was made a moment ago, for us; an old one may say what is true no longer.
    Instant now = clock.instant();
    boolean fresh =
        NumericDate.read(claims.get("iat"))
            .filter(at -> !at.isAfter(now.plus(AccessTokenClaims.SKEW)))
            .filter(at -> !at.isBefore(now.minus(AccessTokenClaims.SKEW)))
            .isPresent();
    if (!fresh) {
      return Optional.of("iat");
    }
    boolean expired =
        claims.has("exp")
            && NumericDate.read(claims.get("exp")).filter(end -> end.isAfter(now)).isEmpty();
    if (expired) {
      return Optional.of("exp");
    }
    return claims.object("token_introspection").isPresent()
        ? Optional.empty()
        : Optional.of("token_introspection");
  }
}
