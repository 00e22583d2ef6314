package dev.gatehouse.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/**
 * Finds the public half of a private key: PKCS#8 holds it only for RSA. All arithmetic is the
 * JDK's, and what comes out has to verify what the private key signs.
 */
final class PublicHalf {
  private static final byte[] SAMPLE = "gatehouse".getBytes(US_ASCII);

  private PublicHalf() {}

  /** The pair as a JWK; empty for a kind of key that is not known. */
  static Optional<JWK> jwk(PrivateKey key) throws GeneralSecurityException {
    if (key instanceof RSAPrivateCrtKey rsa) {
      RSAPublicKeySpec spec = new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent());
      RSAPublicKey half = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
      return Optional.of(new RSAKey.Builder(half).privateKey(key).build());
    }
    if (key instanceof ECPrivateKey ec) {
      Curve curve = Curve.forECParameterSpec(ec.getParams());
      return curve == null
          ? Optional.empty()
          : Optional.of(new ECKey.Builder(curve, point(ec)).privateKey(key).build());
    }
    return key instanceof EdECPrivateKey ed && ed.getBytes().isPresent()
        ? Optional.of(edwards(ed.getBytes().get()))
        : Optional.empty();
  }

  /** Whether both halves of {@code jwk} belong together. */
  static boolean fits(JWK jwk) {
    try {
      if (jwk instanceof RSAKey rsa) {
        return belongTogether(rsa.toPrivateKey(), rsa.toPublicKey());
      }
      if (jwk instanceof ECKey ec) {
        return belongTogether(ec.toPrivateKey(), ec.toPublicKey());
      }
      // Of the others only Ed25519 is used further on.
      return !(jwk instanceof OctetKeyPair pair)
          || !pair.getCurve().equals(Curve.Ed25519)
          || edwards(pair.getD().decode()).getX().equals(pair.getX());
    } catch (JOSEException | GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether {@code half} verifies what {@code key} signs. */
  static boolean belongTogether(PrivateKey key, PublicKey half) throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(half.getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(SAMPLE);
    byte[] signed = signature.sign();
    signature.initVerify(half);
    signature.update(SAMPLE);
    return signature.verify(signed);
  }

  /**
   * The private key times the base point: a Diffie-Hellman agreement with that point gives its x;
   * the curve's equation gives two y, of which one verifies.
   */
  private static ECPublicKey point(ECPrivateKey key) throws GeneralSecurityException {
    ECParameterSpec curve = key.getParams();
    KeyFactory factory = KeyFactory.getInstance("EC");
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(key);
    agreement.doPhase(
        factory.generatePublic(new ECPublicKeySpec(curve.getGenerator(), curve)), true);
    BigInteger x = new BigInteger(1, agreement.generateSecret());
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    BigInteger square =
        x.pow(3).add(curve.getCurve().getA().multiply(x)).add(curve.getCurve().getB()).mod(p);
    // p is 3 modulo 4 on all curves of RFC 7518 §6.2.1.1.
    BigInteger y = square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
    for (BigInteger candidate : List.of(y, p.subtract(y))) {
      PublicKey half =
          factory.generatePublic(new ECPublicKeySpec(new ECPoint(x, candidate), curve));
      if (belongTogether(key, half)) {
        return (ECPublicKey) half;
      }
    }
    throw new GeneralSecurityException("no point of the curve verifies");
  }

  /** A generator that is handed the seed makes the pair of that seed (RFC 8032 §5.1.5). */
  private static OctetKeyPair edwards(byte[] seed) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(NamedParameterSpec.ED25519, new Handing(seed));
    KeyPair pair = generator.generateKeyPair();
    byte[] made = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElse(new byte[0]);
    if (!Arrays.equals(made, seed)) {
      throw new GeneralSecurityException("this Java draws Ed25519 keys in another way");
    }
    Base64URL x = Base64URL.encode(encoded((EdECPublicKey) pair.getPublic()));
    return new OctetKeyPair.Builder(Curve.Ed25519, x).d(Base64URL.encode(seed)).build();
  }

  // The last 32 bytes of SubjectPublicKeyInfo are the point (RFC 8410 §4).
  private static byte[] encoded(EdECPublicKey half) {
    byte[] info = half.getEncoded();
    return Arrays.copyOfRange(info, info.length - 32, info.length);
  }

  /** No randomness: hands out the seed that is known already. */
  private static final class Handing extends SecureRandom {
    private static final long serialVersionUID = 1L;

    Handing(byte[] seed) {
      super(new Seed(seed), (Provider) null);
    }
  }

  private static final class Seed extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    protected void engineSetSeed(byte[] ignored) {
      // it is fixed
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, Math.min(seed.length, bytes.length));
    }

    @Override
    protected byte[] engineGenerateSeed(int count) {
      return new byte[count];
    }
  }
}
