package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What a strict OP makes of a client assertion (RFC 7523 §3, OpenID Connect Core §9). */
public final class AssertionCheck implements Predicate<OpCall> {
  private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final long LONGEST_SECONDS = 60;

  private final Supplier<JWKSet> keys;
  private final String secret;
  private final String audience;
  private final Clock clock;
  private final Set<String> used = ConcurrentHashMap.newKeySet();
  private final List<SignedJWT> accepted = new CopyOnWriteArrayList<>();

  private AssertionCheck(Supplier<JWKSet> keys, String secret, String audience, Clock clock) {
    this.keys = keys;
    this.secret = secret;
    this.audience = audience;
    this.clock = clock;
  }

  /** By the keys that the client publishes. */
  public static AssertionCheck byKeys(Supplier<JWKSet> keys, String audience, Clock clock) {
    return new AssertionCheck(keys, "", audience, clock);
  }

  /** By the client secret. */
  public static AssertionCheck bySecret(String secret, String audience, Clock clock) {
    return new AssertionCheck(JWKSet::new, secret, audience, clock);
  }

  /** The assertions that were good, in the order of their calls. */
  public List<SignedJWT> accepted() {
    return accepted;
  }

  @Override
  public boolean test(OpCall call) {
    if (call.header("Authorization") != null
        || call.form("client_secret") != null
        || !TYPE.equals(call.form("client_assertion_type"))
        || !StubOp.CLIENT_ID.equals(call.form("client_id"))) {
      return false;
    }
    try {
      SignedJWT jwt = SignedJWT.parse(KnownSecrets.token(call.form("client_assertion")));
      boolean good =
          good(jwt.getJWTClaimsSet()) && signed(jwt) && used.add(jwt.getJWTClaimsSet().getJWTID());
      if (good) {
        accepted.add(jwt);
      }
      return good;
    } catch (ParseException | JOSEException | GeneralSecurityException e) {
      return false;
    }
  }

  private boolean good(JWTClaimsSet claims) {
    Instant now = clock.instant();
    Instant issued = claims.getIssueTime().toInstant();
    Instant end = claims.getExpirationTime().toInstant();
    return StubOp.CLIENT_ID.equals(claims.getIssuer())
        && StubOp.CLIENT_ID.equals(claims.getSubject())
        && audience.equals(claims.getClaim("aud").toString().replaceAll("[\\[\\]]", ""))
        && claims.getJWTID().length() >= 22
        && !issued.isAfter(now)
        && end.isAfter(now)
        && !end.isAfter(issued.plusSeconds(LONGEST_SECONDS));
  }

  private boolean signed(SignedJWT jwt) throws JOSEException, GeneralSecurityException {
    if (!secret.isEmpty()) {
      return jwt.verify(new MACVerifier(secret.getBytes(UTF_8)));
    }
    JWK key = keys.get().getKeyByKeyId(jwt.getHeader().getKeyID());
    if (key == null || !jwt.getHeader().getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    return key instanceof OctetKeyPair pair ? ed25519(jwt, pair) : jwt.verify(verifier(key));
  }

  private static JWSVerifier verifier(JWK key) throws JOSEException {
    return key instanceof RSAKey rsa ? new RSASSAVerifier(rsa) : new ECDSAVerifier((ECKey) key);
  }

  private static boolean ed25519(SignedJWT jwt, OctetKeyPair key) throws GeneralSecurityException {
    // RFC 8410 §4: SubjectPublicKeyInfo of Ed25519 is a fixed prefix and the point.
    byte[] info = HexFormat.of().parseHex("302a300506032b6570032100" + "00".repeat(32));
    System.arraycopy(key.getX().decode(), 0, info, info.length - 32, 32);
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info)));
    verifier.update(jwt.getSigningInput());
    return verifier.verify(jwt.getSignature().decode());
  }
}
