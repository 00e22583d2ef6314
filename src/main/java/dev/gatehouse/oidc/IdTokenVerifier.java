package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.jose.Audiences;
import dev.gatehouse.jose.JwsAlgorithm;
import dev.gatehouse.jose.JwsVerdict;
import dev.gatehouse.jose.JwsVerifier;
import dev.gatehouse.jose.TokenDecrypter;
import dev.gatehouse.seal.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** Verifies ID tokens of the code flow (OpenID Connect Core §3.1.3.7). Safe for concurrent use. */
final class IdTokenVerifier {
  /** How far the OP's clock may be off (TH-IDT-8). */
  static final Duration SKEW = Duration.ofSeconds(60);

  /** An ID token comes fresh from the token endpoint; an older one is somebody's stored one. */
  static final Duration MAX_AGE = Duration.ofMinutes(10);

  /** The OP answered a refresh for somebody else (TH-IDT-17). */
  static final String SUBJECT_CHANGED = "sub-changed";

  private static final int MAX_SUBJECT_CHARS = 255;
  private static final String LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

  private final String issuer;
  private final String clientId;
  private final Set<String> trustedAudiences;
  private final TokenDecrypter encryption;
  private final JwsVerifier signatures;
  private final Clock clock;
  private final Set<JwsAlgorithm> algorithmsInUse = ConcurrentHashMap.newKeySet();

  /**
   * @param trustedAudiences who else may be in {@code aud}
   */
  IdTokenVerifier(
      String issuer,
      String clientId,
      Set<String> trustedAudiences,
      TokenDecrypter encryption,
      JwsVerifier signatures,
      Clock clock) {
    this.issuer = issuer;
    this.clientId = clientId;
    this.trustedAudiences = Set.copyOf(trustedAudiences);
    this.encryption = encryption;
    this.signatures = signatures;
    this.clock = clock;
  }

  /** Judges {@code idToken}, which came with {@code accessToken} for {@code grant}. */
  IdTokenVerdict verify(Secret idToken, Secret accessToken, CodeGrant grant, Deadline deadline) {
    IdTokenVerdict verdict =
        judge(
            idToken,
            deadline,
            signed ->
                brokenHash(signed, "at_hash", accessToken)
                    .or(() -> brokenHash(signed, "c_hash", grant.code())),
            // Core §3.1.3.7 rule 11: the token was made for this attempt, in this browser.
            // Secret.equals takes the same time wherever the two differ.
            signed ->
                signed.claims().text("nonce").map(Secret::of).equals(Optional.of(grant.nonce())));
    // Rules 12 and 13. Whose token it is, is settled by now: this is the OP's or the user's no.
    return verdict instanceof IdTokenVerdict.Verified verified
        ? AuthenticationRules.firstBroken(
                verified.idToken().claims(), grant.demand(), grant.requestedAt(), clock.instant())
            .<IdTokenVerdict>map(reason -> new IdTokenVerdict.Refused(403, reason))
            .orElse(verdict)
        : verdict;
  }

  /**
   * Judges an ID token that came with a refresh (Core §12.2): of the same subject as the first; a
   * nonce need not be there, for no browser took part.
   */
  IdTokenVerdict verifyRefreshed(
      Secret idToken, Secret accessToken, String subject, Deadline deadline) {
    return judge(
        idToken,
        deadline,
        signed ->
            brokenHash(signed, "at_hash", accessToken)
                .or(
                    () ->
                        subject.equals(signed.claims().get("sub"))
                            ? Optional.empty()
                            : Optional.of(SUBJECT_CHANGED)),
        signed -> true);
  }

  private IdTokenVerdict judge(
      Secret idToken,
      Deadline deadline,
      Function<JwsVerdict.Signed, Optional<String>> furtherRules,
      Predicate<JwsVerdict.Signed> nonceFits) {
    // Core §3.1.3.7 rule 1: what was agreed to be encrypted is, and what is inside is signed.
    TokenDecrypter.Opening opening = encryption.open(idToken);
    if (!(opening instanceof TokenDecrypter.Opening.Opened opened)) {
      return new IdTokenVerdict.Refused(
          502, opening instanceof TokenDecrypter.Opening.Refused no ? no.reason() : "encryption");
    }
    JwsVerdict verdict = signatures.verify(opened.token().reveal(), deadline);
    if (verdict instanceof JwsVerdict.Undecided undecided) {
      return new IdTokenVerdict.Undecided(undecided.failure());
    }
    if (verdict instanceof JwsVerdict.Refused refused) {
      return new IdTokenVerdict.Refused(502, refused.reason());
    }
    if (!(verdict instanceof JwsVerdict.Signed signed)) {
      return new IdTokenVerdict.Refused(502, "signature");
    }
    Optional<String> broken = firstBrokenRule(signed).or(() -> furtherRules.apply(signed));
    if (broken.isPresent()) {
      return new IdTokenVerdict.Refused(502, broken.get());
    }
    if (!nonceFits.test(signed)) {
      return new IdTokenVerdict.Refused(403, "nonce");
    }
    algorithmsInUse.add(signed.algorithm());
    return new IdTokenVerdict.Verified(
        new IdToken(
            opened.token(),
            signed.claims().text("sub").orElseThrow(),
            signed.claims().text("sid"),
            signed.claims()));
  }

  /**
   * Whether this OP signs for us by {@code algorithm}: by that of an ID token that was good, or by
   * any that is accepted while none has come.
   */
  boolean signsBy(JwsAlgorithm algorithm) {
    return algorithmsInUse.isEmpty() || algorithmsInUse.contains(algorithm);
  }

  // OpenID Connect Core §3.1.3.7, rules by number. The answer is one fixed word for the audit log.
  // 1 (decrypt): see above.
  // 6, 7, 8 (signature, alg, MAC): JwsVerifier has checked them, TLS or not.
  // 11 (nonce): see above; its refusal has another status.
  // 12, 13 (acr, auth_time): see above; a refresh authenticates nobody.
  private Optional<String> firstBrokenRule(JwsVerdict.Signed signed) {
    JsonObject claims = signed.claims();
    // RFC 8725 §3.11, §3.12: a token of another kind is not an ID token, though the OP signed it.
    if (!isIdTokenType(signed.header())) {
      return Optional.of("typ");
    }
    if (claims.get("events") instanceof Map<?, ?> events && events.containsKey(LOGOUT_EVENT)) {
      return Optional.of("events");
    }
    // 2: exact match; a trailing slash is a different issuer.
    if (!issuer.equals(claims.get("iss"))) {
      return Optional.of("iss");
    }
    return brokenAudience(claims).or(() -> brokenTime(claims)).or(() -> brokenSubject(claims));
  }

  static boolean isIdTokenType(JsonObject header) {
    return !header.has("typ") || header.text("typ").map("JWT"::equalsIgnoreCase).orElse(false);
  }

  private Optional<String> brokenAudience(JsonObject claims) {
    List<String> audiences = Audiences.of(claims);
    // 3: our client_id must be in aud, and nobody whom we do not trust.
    if (!audiences.contains(clientId) || !audiences.stream().allMatch(this::isTrusted)) {
      return Optional.of("aud");
    }
    // 4: several audiences need azp; 5: azp, where present, is us.
    boolean azpNeeded = audiences.size() > 1 || claims.has("azp");
    return azpNeeded && !clientId.equals(claims.get("azp")) ? Optional.of("azp") : Optional.empty();
  }

  private boolean isTrusted(String audience) {
    return clientId.equals(audience) || trustedAudiences.contains(audience);
  }

  private Optional<String> brokenTime(JsonObject claims) {
    Instant now = clock.instant();
    Optional<Instant> expiry = NumericDate.read(claims.get("exp"));
    Optional<Instant> issued = NumericDate.read(claims.get("iat"));
    // 9: a token at its very exp has expired.
    if (expiry.isEmpty() || !expiry.get().isAfter(now.minus(SKEW))) {
      return Optional.of("exp");
    }
    // 10: neither from the future nor from a drawer.
    if (issued.isEmpty()
        || issued.get().isAfter(now.plus(SKEW))
        || issued.get().isBefore(now.minus(MAX_AGE))) {
      return Optional.of("iat");
    }
    // RFC 7519 §4.1.5
    boolean early =
        claims.has("nbf")
            && NumericDate.read(claims.get("nbf"))
                .map(notBefore -> notBefore.isAfter(now.plus(SKEW)))
                .orElse(true);
    return early ? Optional.of("nbf") : Optional.empty();
  }

  // Core §2: at most 255 ASCII characters.
  private static Optional<String> brokenSubject(JsonObject claims) {
    return claims.text("sub").filter(IdTokenVerifier::isSubject).isPresent()
        ? Optional.empty()
        : Optional.of("sub");
  }

  /** Whether a user may be named so. */
  static boolean isSubject(String text) {
    return !text.isBlank()
        && text.length() <= MAX_SUBJECT_CHARS
        && text.chars().allMatch(c -> c < 0x80);
  }

  // Core §3.1.3.6, §3.3.2.11: optional in this flow, but never wrong.
  private static Optional<String> brokenHash(
      JwsVerdict.Signed signed, String claim, Secret hashed) {
    JsonObject claims = signed.claims();
    return claims.has(claim) && !halfHash(hashed, signed.algorithm()).equals(claims.get(claim))
        ? Optional.of(claim)
        : Optional.empty();
  }

  private static String halfHash(Secret value, JwsAlgorithm algorithm) {
    try {
      byte[] hash =
          MessageDigest.getInstance(algorithm.hash()).digest(value.reveal().getBytes(US_ASCII));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, hash.length / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-2", e);
    }
  }
}
