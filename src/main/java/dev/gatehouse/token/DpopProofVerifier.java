package dev.gatehouse.token;

import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.jose.SelfKeyedJws;
import dev.gatehouse.oidc.NumericDate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Verifies that whoever sends a bound access token holds its key (RFC 9449 §4.3, §7.1). What costs
 * little comes first, and a signature is checked by no other key than the one that the token, which
 * is known to be good, is bound to. Safe for concurrent use.
 */
public final class DpopProofVerifier {
  /** How far {@code iat} may be from now, either way. */
  static final Duration WINDOW = Duration.ofSeconds(60);

  private static final String TYPE = "dpop+jwt";
  private static final int MAX_ID_CHARS = 512;

  private final UsedProofs used;
  private final Optional<DpopNonces> nonces;
  private final Clock clock;

  /**
   * @param nonces those that a proof has to hold one of; empty where none is demanded
   */
  public DpopProofVerifier(Optional<DpopNonces> nonces, Clock clock) {
    this.used = new UsedProofs(clock);
    this.nonces = nonces;
    this.clock = clock;
  }

  /**
   * What a proof has to be for.
   *
   * @param method the HTTP method of the request
   * @param url its public URL, without query and fragment
   * @param token the access token that it carries
   * @param key the thumbprint of the key that the token is bound to
   */
  public record Request(String method, String url, TokenHash token, String key) {
    public Request {
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(url, "url");
      Objects.requireNonNull(token, "token");
      Objects.requireNonNull(key, "key");
    }
  }

  /**
   * Judges the values of all DPoP fields of {@code request}. Takes some hundred microseconds where
   * a signature has to be checked; never blocks.
   */
  public ProofVerdict verify(Request request, List<String> fields) {
    // RFC 9449 §4.3, checks by number. 1: one field; 2: one well-formed JWT.
    Optional<SelfKeyedJws> parsed =
        fields.size() == 1 ? SelfKeyedJws.parse(fields.get(0)) : Optional.empty();
    if (parsed.isEmpty()) {
      return refused(ProofVerdict.Reason.INVALID_DPOP_PROOF);
    }
    SelfKeyedJws proof = parsed.get();
    // 12, second half: by the key that the token is bound to.
    if (!proof.thumbprint().equals(request.key())) {
      return refused(ProofVerdict.Reason.INVALID_TOKEN);
    }
    if (!keepsRules(proof, request)) {
      return refused(ProofVerdict.Reason.INVALID_DPOP_PROOF);
    }
    // 10: a nonce of ours, where one is demanded.
    Optional<Duration> nonce = nonce(proof.claims());
    if (nonce.isEmpty()) {
      return refused(ProofVerdict.Reason.USE_DPOP_NONCE);
    }
    // §11.1: never twice.
    Instant issued = NumericDate.read(proof.claims().get("iat")).orElseThrow();
    return switch (used.note(
        request.key(), proof.claims().text("jti").orElseThrow(), issued.plus(WINDOW))) {
      case FIRST -> new ProofVerdict.Proven(DpopNonces.isOld(nonce.get()) && nonces.isPresent());
      case REPEATED -> refused(ProofVerdict.Reason.INVALID_DPOP_PROOF);
      case NO_ROOM -> new ProofVerdict.Crowded();
    };
  }

  private boolean keepsRules(SelfKeyedJws proof, Request request) {
    JsonObject claims = proof.claims();
    // 4: the type in exact spelling. 5, 7: SelfKeyedJws, asymmetric and without the private part.
    return TYPE.equals(proof.header().get("typ"))
        // 3: all claims are there; 8: htm in exact case; 9: htu.
        && isId(claims.text("jti"))
        && request.method().equals(claims.get("htm"))
        && isFor(claims.text("htu"), request.url())
        // 11: made just now; one that says when it ends has not ended.
        && isRecent(NumericDate.read(claims.get("iat")))
        && (!claims.has("exp") || isAhead(NumericDate.read(claims.get("exp"))))
        // 12, first half: for this token.
        && request.token().base64url().equals(claims.get("ath"))
        // 6: what takes longest comes last.
        && proof.isSigned();
  }

  private static boolean isId(Optional<String> jti) {
    return jti.filter(id -> !id.isBlank() && id.length() <= MAX_ID_CHARS).isPresent();
  }

  private static boolean isFor(Optional<String> htu, String url) {
    Optional<String> target = htu.flatMap(ProofTarget::of);
    return target.isPresent() && target.equals(ProofTarget.of(url));
  }

  private boolean isRecent(Optional<Instant> issued) {
    Instant now = clock.instant();
    return issued
        .filter(at -> !at.isAfter(now.plus(WINDOW)) && !at.isBefore(now.minus(WINDOW)))
        .isPresent();
  }

  private boolean isAhead(Optional<Instant> expiry) {
    return expiry.filter(end -> end.isAfter(clock.instant())).isPresent();
  }

  /** How long the proof's nonce is good; for ever where none is demanded. */
  private Optional<Duration> nonce(JsonObject claims) {
    return nonces.isEmpty()
        ? Optional.of(DpopNonces.LIFETIME)
        : claims.text("nonce").flatMap(nonces.get()::remaining);
  }

  private static ProofVerdict refused(ProofVerdict.Reason reason) {
    return new ProofVerdict.Refused(reason);
  }
}
