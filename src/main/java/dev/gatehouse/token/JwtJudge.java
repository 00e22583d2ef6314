package dev.gatehouse.token;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.jose.JwsVerdict;
import dev.gatehouse.jose.JwsVerifier;
import dev.gatehouse.oidc.OpConnection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges JWT access tokens by their signature (RFC 9068 §4). Safe for concurrent use. */
final class JwtJudge implements TokenJudge {
  private static final Logger LOG = LoggerFactory.getLogger(JwtJudge.class);
  private static final Set<String> TYPES = Set.of("at+jwt", "application/at+jwt");

  private final OpConnection connection;
  private final JwsVerifier signatures;
  private final AccessTokenClaims rules;
  private final boolean plain;

  /**
   * @param plain whether JWTs are taken that do not say that they are access tokens (TH-BEAR-6)
   */
  JwtJudge(
      OpConnection connection, JwsVerifier signatures, AccessTokenClaims rules, boolean plain) {
    this.connection = connection;
    this.signatures = signatures;
    this.rules = rules;
    this.plain = plain;
  }

  // An unknown token is verified right here where its key is known: that takes microseconds, and
  // no OP that hangs can stand in its way.
  @Override
  public Optional<TokenVerdict> atOnce(BearerCredential.Token token) {
    return signatures
        .verifyByKnownKeys(token.value().reveal())
        .map(signature -> judge(token, signature));
  }

  @Override
  public TokenVerdict ask(BearerCredential.Token token, Deadline deadline) {
    Optional<OpFailure> unknownOp = connection.discovery().discover(deadline);
    if (unknownOp.isPresent()) {
      return new TokenVerdict.Undecided(unknownOp.get());
    }
    return judge(token, signatures.verify(token.value().reveal(), deadline));
  }

  // Its key may come into use a moment later, and judging it again costs no call.
  @Override
  public boolean remembersBad(BearerCredential.Token token) {
    return false;
  }

  private TokenVerdict judge(BearerCredential.Token token, JwsVerdict signature) {
    if (signature instanceof JwsVerdict.Undecided undecided) {
      return new TokenVerdict.Undecided(undecided.failure());
    }
    if (!(signature instanceof JwsVerdict.Signed signed)) {
      return rejected(
          token, signature instanceof JwsVerdict.Refused refused ? refused.reason() : "signature");
    }
    Optional<String> broken = firstBrokenRule(signed.header(), signed.claims());
    return broken.isPresent() ? rejected(token, broken.get()) : rules.verdict(signed.claims());
  }

  // RFC 9068 §4, in its order.
  private Optional<String> firstBrokenRule(JsonObject header, JsonObject claims) {
    // typ: ID, logout and refresh tokens that the OP signed are no access tokens (TH-BEAR-20).
    boolean typed = isAccessTokenType(header);
    if (!typed && !(plain && PlainAccessTokens.mayBe(header, claims))) {
      return Optional.of("typ");
    }
    // encryption: not applicable, we register no key for it.
    if (!rules.isFromIssuer(claims)) {
      return Optional.of("iss");
    }
    if (!rules.isForUs(claims)) {
      return Optional.of("aud");
    }
    // signature, alg: JwsVerifier has checked them.
    if (!claims.has("exp") || !rules.isAlive(claims)) {
      return Optional.of("exp");
    }
    // §2.2: required claims; jti is left to the OP, we keep no memory of it.
    if (!claims.has("iat") || !rules.hasBegun(claims, "iat")) {
      return Optional.of("iat");
    }
    if (!rules.hasBegun(claims, "nbf")) {
      return Optional.of("nbf");
    }
    if (rules.subject(claims).isEmpty()) {
      return Optional.of("sub");
    }
    // What is no RFC 9068 token names its client as it likes, or not at all.
    if (typed && claims.text("client_id").filter(id -> !id.isEmpty()).isEmpty()) {
      return Optional.of("client_id");
    }
    // cnf: the binding is part of the verdict, its proof is the caller's to demand.
    return Optional.empty();
  }

  private static boolean isAccessTokenType(JsonObject header) {
    return header
        .text("typ")
        .map(typ -> TYPES.contains(typ.toLowerCase(Locale.ROOT)))
        .orElse(false);
  }

  private static TokenVerdict rejected(BearerCredential.Token token, String reason) {
    LOG.debug("access token {} rejected: {}", token.hash(), reason);
    return new TokenVerdict.Rejected(BearerError.INVALID_TOKEN);
  }
}
