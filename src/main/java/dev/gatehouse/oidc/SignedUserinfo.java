package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.jose.Audiences;
import dev.gatehouse.jose.JwsVerdict;
import dev.gatehouse.jose.NestedJwts;
import dev.gatehouse.oidc.UserinfoEndpoint.Answer;
import dev.gatehouse.seal.Secret;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which signed userinfo is believed (OpenID Connect Core §5.3.2, §5.3.4). Immutable. */
final class SignedUserinfo {
  private static final Logger LOG = LoggerFactory.getLogger(SignedUserinfo.class);

  private final String issuer;
  private final String clientId;
  private final NestedJwts jwts;
  private final Clock clock;

  SignedUserinfo(String issuer, String clientId, NestedJwts jwts, Clock clock) {
    this.issuer = issuer;
    this.clientId = clientId;
    this.jwts = jwts;
    this.clock = clock;
  }

  /** Judges the body of an answer; whose claims they are is judged by the caller. */
  Answer verify(Secret jwt, Deadline deadline) {
    JwsVerdict verdict = jwts.verify(jwt, deadline);
    if (verdict instanceof JwsVerdict.Undecided undecided) {
      return new Answer.Undecided(undecided.failure());
    }
    if (!(verdict instanceof JwsVerdict.Signed signed)) {
      return refused(verdict instanceof JwsVerdict.Refused no ? no.reason() : "signature");
    }
    Optional<String> broken = firstBrokenRule(signed.header(), signed.claims());
    return broken.isPresent() ? refused(broken.get()) : new Answer.Claims(signed.claims());
  }

  private static Answer refused(String reason) {
    LOG.error("the OP's userinfo is refused: {}", reason);
    return new Answer.Refused(502, "userinfo");
  }

  private Optional<String> firstBrokenRule(JsonObject header, JsonObject claims) {
    // RFC 8725 §3.11: neither an access token nor a logout token, though the OP signed those too.
    if (!IdTokenVerifier.isIdTokenType(header)) {
      return Optional.of("typ");
    }
    // Core §5.3.2 asks for iss and aud. We insist: without them, what was made for another client
    // would do (RFC 8725 §3.8, §3.9).
    if (!issuer.equals(claims.get("iss"))) {
      return Optional.of("iss");
    }
    if (!Audiences.of(claims).contains(clientId)) {
      return Optional.of("aud");
    }
    // RFC 7519 §4.1.4: optional here, but never past.
    Instant earliest = clock.instant().minus(IdTokenVerifier.SKEW);
    boolean alive =
        !claims.has("exp")
            || NumericDate.read(claims.get("exp")).map(e -> e.isAfter(earliest)).orElse(false);
    return alive ? Optional.empty() : Optional.of("exp");
  }
}
