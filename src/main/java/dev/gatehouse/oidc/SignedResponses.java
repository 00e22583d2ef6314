package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.config.Provider;
import dev.gatehouse.jose.Audiences;
import dev.gatehouse.jose.CompactJws;
import dev.gatehouse.jose.JwsVerdict;
import dev.gatehouse.jose.JwsVerifier;
import dev.gatehouse.jose.TokenDecrypter;
import dev.gatehouse.seal.Secret;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads authorization responses that the OP has signed (JWT Secured Authorization Response Mode
 * §2). Safe for concurrent use.
 */
final class SignedResponses {
  private static final List<String> PARAMETERS = List.of("state", "iss", "code", "error");

  private final String issuer;
  private final String clientId;
  private final Set<String> trustedAudiences;
  private final TokenDecrypter encryption;
  private final JwsVerifier signatures;
  private final Clock clock;

  SignedResponses(
      Provider provider, TokenDecrypter encryption, JwsVerifier signatures, Clock clock) {
    this.issuer = provider.issuer();
    this.clientId = provider.clientId();
    this.trustedAudiences = provider.tokens().trustedAudiences();
    this.encryption = encryption;
    this.signatures = signatures;
    this.clock = clock;
  }

  /**
   * The state that {@code response} names, of which nothing is believed: it only tells which login
   * of this browser it would belong to, so that nobody else's response costs a call to the OP.
   */
  Optional<String> claimedState(Secret response) {
    return opened(response)
        .flatMap(token -> CompactJws.parse(token.reveal()))
        .flatMap(unverified -> unverified.claims().text("state"));
  }

  private Optional<Secret> opened(Secret response) {
    return encryption.open(response) instanceof TokenDecrypter.Opening.Opened opened
        ? Optional.of(opened.token())
        : Optional.empty();
  }

  /** Judges {@code response}; blocks only where keys have to be fetched. */
  AuthorizationResponse verify(Secret response, Deadline deadline) {
    Optional<Secret> token = opened(response);
    if (token.isEmpty()) {
      return new AuthorizationResponse.Refused("response-encryption");
    }
    JwsVerdict verdict = signatures.verify(token.get().reveal(), deadline);
    if (verdict instanceof JwsVerdict.Undecided undecided) {
      return new AuthorizationResponse.Undecided(undecided.failure());
    }
    if (!(verdict instanceof JwsVerdict.Signed signed)) {
      return new AuthorizationResponse.Refused(
          verdict instanceof JwsVerdict.Refused refused
              ? "response-" + refused.reason()
              : "response-signature");
    }
    Optional<String> broken = firstBrokenRule(signed);
    return broken.isPresent()
        ? new AuthorizationResponse.Refused("response-" + broken.get())
        : read(signed.claims());
  }

  // JARM §2.4, rules by number.
  // 1 (decrypt): see above. 2 (state): the gate has found the login that it belongs to.
  // 6 (signature, alg): JwsVerifier has checked them; "none" is never on the list.
  private Optional<String> firstBrokenRule(JwsVerdict.Signed signed) {
    JsonObject claims = signed.claims();
    // RFC 8725 §3.11: a token of another kind is no response, though the OP signed it.
    if (!IdTokenVerifier.isIdTokenType(signed.header()) || claims.has("events")) {
      return Optional.of("typ");
    }
    // 3: exact match.
    if (!issuer.equals(claims.get("iss"))) {
      return Optional.of("iss");
    }
    // 4: made for us, and for nobody whom we do not trust.
    List<String> audiences = Audiences.of(claims);
    if (!audiences.contains(clientId) || !audiences.stream().allMatch(this::isTrusted)) {
      return Optional.of("aud");
    }
    // 5: not expired; at its very exp it has.
    Instant now = clock.instant();
    Optional<Instant> expiry = NumericDate.read(claims.get("exp"));
    boolean inTime = expiry.filter(end -> end.isAfter(now.minus(IdTokenVerifier.SKEW))).isPresent();
    return inTime ? Optional.empty() : Optional.of("exp");
  }

  private boolean isTrusted(String audience) {
    return clientId.equals(audience) || trustedAudiences.contains(audience);
  }

  private static AuthorizationResponse read(JsonObject claims) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String name : PARAMETERS) {
      if (claims.has(name) && claims.text(name).isEmpty()) {
        return new AuthorizationResponse.Refused("response-syntax");
      }
      claims.text(name).ifPresent(value -> parameters.put(name, value));
    }
    return new AuthorizationResponse.Verified(parameters);
  }
}
