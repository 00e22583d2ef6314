package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.identity.HeaderField;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Checks DPoP proofs as a strict OP does (RFC 9449 §4.3). */
final class DpopCheck {
  private static final Set<String> TOKEN_CLAIMS = Set.of("jti", "htm", "htu", "iat");
  private static final long MAX_AGE_SECONDS = 60;

  private final Clock clock;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Map<String, String> boundTokens = new ConcurrentHashMap<>();

  DpopCheck(Clock clock) {
    this.clock = clock;
  }

  /** What is wrong with the proof of {@code call}; empty where nothing is. */
  String flaw(OpCall call, String uri, String accessToken, String nonce) {
    try {
      List<String> proofs =
          call.headers().stream()
              .filter(field -> field.name().equalsIgnoreCase("DPoP"))
              .map(HeaderField::value)
              .toList();
      return proofs.size() == 1
          ? flaw(SignedJWT.parse(proofs.get(0)), call.method(), uri, accessToken, nonce)
          : "invalid_dpop_proof";
    } catch (ParseException | JOSEException e) {
      return "invalid_dpop_proof";
    }
  }

  private String flaw(SignedJWT proof, String method, String uri, String accessToken, String nonce)
      throws ParseException, JOSEException {
    JWTClaimsSet claims = proof.getJWTClaimsSet();
    JWK key = proof.getHeader().getJWK();
    boolean sound =
        "dpop+jwt".equals(proof.getHeader().getType().getType())
            && proof.getHeader().getKeyID() == null
            && !key.isPrivate()
            && proof.verify(new ECDSAVerifier(key.toECKey()))
            && method.equals(claims.getStringClaim("htm"))
            && uri.equals(claims.getStringClaim("htu"))
            && Math.abs(claims.getIssueTime().toInstant().getEpochSecond() - now())
                <= MAX_AGE_SECONDS
            && seen.add(claims.getJWTID())
            && claims.getClaims().keySet().containsAll(TOKEN_CLAIMS);
    if (!sound) {
      return "invalid_dpop_proof";
    }
    if (nonce != null && !nonce.equals(claims.getStringClaim("nonce"))) {
      return "use_dpop_nonce";
    }
    String hash = accessToken == null ? null : hash(accessToken);
    return String.valueOf(hash).equals(String.valueOf(claims.getStringClaim("ath")))
        ? ""
        : "invalid_dpop_proof";
  }

  /** The thumbprint of the key that the proof of {@code call} is made with. */
  static String thumbprint(OpCall call) {
    try {
      return SignedJWT.parse(call.header("DPoP"))
          .getHeader()
          .getJWK()
          .computeThumbprint()
          .toString();
    } catch (ParseException | JOSEException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Binds {@code token} to the key of {@code call}. */
  void bind(String token, OpCall call) {
    boundTokens.put(token, thumbprint(call));
  }

  /** Whether {@code token} is bound to the key of {@code call}. */
  boolean isBound(String token, OpCall call) {
    return thumbprint(call).equals(boundTokens.get(token));
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private static String hash(String token) {
    try {
      return Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(token.getBytes(US_ASCII)))
          .toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
