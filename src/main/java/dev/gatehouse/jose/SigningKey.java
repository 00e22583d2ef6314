package dev.gatehouse.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.jose.JwsAlgorithm.Family;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * One public key of the OP that may verify signatures (RFC 7517 §4). Immutable.
 *
 * @param kid its name, where it has one
 * @param algorithm the only {@code alg} that it serves, where it names one
 */
record SigningKey(
    Optional<String> kid, Optional<String> algorithm, Family family, PublicKey publicKey) {
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 16384;

  /** The DER that precedes the 32 bytes of an Ed25519 public key (RFC 8410 §4). */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /** Reads one member of {@code keys}; empty where it is not a key for signatures that we trust. */
  static Optional<SigningKey> parse(Map<String, Object> member) {
    try {
      JWK jwk = JWK.parse(member);
      return isForSignatures(jwk) ? of(jwk) : Optional.empty();
    } catch (ParseException | JOSEException | GeneralSecurityException e) {
      return Optional.empty(); // RFC 7517 §5: what is not understood is left out
    }
  }

  private static boolean isForSignatures(JWK jwk) {
    boolean use = jwk.getKeyUse() == null || KeyUse.SIGNATURE.equals(jwk.getKeyUse());
    return use
        && (jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY));
  }

  private static Optional<SigningKey> of(JWK jwk) throws JOSEException, GeneralSecurityException {
    if (jwk instanceof RSAKey rsa) {
      RSAPublicKey key = rsa.toRSAPublicKey();
      return strong(key) ? Optional.of(of(jwk, Family.RSA, key)) : Optional.empty();
    }
    if (jwk instanceof ECKey ec) {
      return family(ec.getCurve()).isEmpty()
          ? Optional.empty()
          : Optional.of(of(jwk, family(ec.getCurve()).get(), ec.toECPublicKey()));
    }
    if (jwk instanceof OctetKeyPair pair && Curve.Ed25519.equals(pair.getCurve())) {
      return Optional.of(of(jwk, Family.ED25519, ed25519(pair.getDecodedX())));
    }
    return Optional.empty(); // symmetric keys above all: a secret in public is none
  }

  private static SigningKey of(JWK jwk, Family family, PublicKey key) {
    return new SigningKey(
        Optional.ofNullable(jwk.getKeyID()),
        Optional.ofNullable(jwk.getAlgorithm()).map(algorithm -> algorithm.getName()),
        family,
        key);
  }

  // An exponent of 1 would make every message its own signature.
  private static boolean strong(RSAPublicKey key) {
    int bits = key.getModulus().bitLength();
    return bits >= MIN_RSA_BITS
        && bits <= MAX_RSA_BITS
        && key.getPublicExponent().compareTo(BigInteger.TWO) > 0
        && key.getPublicExponent().testBit(0);
  }

  private static Optional<Family> family(Curve curve) {
    if (Curve.P_256.equals(curve)) {
      return Optional.of(Family.P_256);
    }
    if (Curve.P_384.equals(curve)) {
      return Optional.of(Family.P_384);
    }
    return Curve.P_521.equals(curve) ? Optional.of(Family.P_521) : Optional.empty();
  }

  private static PublicKey ed25519(byte[] x) throws GeneralSecurityException {
    byte[] der = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + x.length);
    System.arraycopy(x, 0, der, ED25519_PREFIX.length, x.length);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
  }

  /** Whether this key may verify a signature of that algorithm (RFC 8725 §3.1). */
  boolean fits(JwsAlgorithm wanted) {
    return family == wanted.family()
        && algorithm.map(name -> sameAlgorithm(name, wanted)).orElse(true);
  }

  // RFC 9864 §2.2: EdDSA with an Ed25519 key and Ed25519 are the same algorithm under two names.
  private static boolean sameAlgorithm(String name, JwsAlgorithm wanted) {
    return name.equals(wanted.spelling())
        || (wanted.family() == Family.ED25519
            && JwsAlgorithm.of(name).map(JwsAlgorithm::family).equals(Optional.of(Family.ED25519)));
  }
}
