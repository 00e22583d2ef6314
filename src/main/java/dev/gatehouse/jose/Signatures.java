package dev.gatehouse.jose;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.jose.JwsAlgorithm.Family;
import dev.gatehouse.seal.Secret;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;

/** The arithmetic of signatures (RFC 7518 §3, RFC 8037 §3.1). Any doubt is a no. */
final class Signatures {
  private static final int MIN_SECRET_BYTES = 32;

  private Signatures() {}

  /** Whether {@code key}, which fits, made the signature of {@code jws}. */
  static boolean verifies(CompactJws jws, JwsAlgorithm algorithm, SigningKey key) {
    try {
      if (key.publicKey() instanceof RSAPublicKey rsa) {
        return nimbus(new RSASSAVerifier(rsa), jws, algorithm);
      }
      if (key.publicKey() instanceof ECPublicKey ec) {
        return inRange(jws.signature(), ec) && nimbus(new ECDSAVerifier(ec), jws, algorithm);
      }
      return key.family() == Family.ED25519 && ed25519(jws, key);
    } catch (JOSEException | GeneralSecurityException e) {
      return false;
    }
  }

  /** Whether the client secret, of at least 32 bytes, made the MAC of {@code jws} (TH-IDT-2). */
  static boolean verifiesMac(CompactJws jws, JwsAlgorithm algorithm, Secret clientSecret) {
    byte[] key = clientSecret.reveal().getBytes(UTF_8);
    try {
      return key.length >= MIN_SECRET_BYTES && nimbus(new MACVerifier(key), jws, algorithm);
    } catch (JOSEException e) {
      return false;
    }
  }

  // The token's own header stays outside: only its algorithm, which has been checked, goes in.
  private static boolean nimbus(JWSVerifier verifier, CompactJws jws, JwsAlgorithm algorithm)
      throws JOSEException {
    JWSHeader header = new JWSHeader(JWSAlgorithm.parse(algorithm.spelling()));
    return verifier.verify(header, jws.signingInput(), Base64URL.encode(jws.signature()));
  }

  // CVE-2022-21449: some JVMs take r = s = 0 for a signature of everything.
  private static boolean inRange(byte[] signature, ECPublicKey key) {
    BigInteger order = key.getParams().getOrder();
    int half = (order.bitLength() + 7) / 8;
    if (signature.length != 2 * half) {
      return false;
    }
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, half));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, half, 2 * half));
    return r.signum() > 0 && s.signum() > 0 && r.compareTo(order) < 0 && s.compareTo(order) < 0;
  }

  // The JDK's own, as Nimbus would need a further library for it.
  private static boolean ed25519(CompactJws jws, SigningKey key) throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(key.publicKey());
    verifier.update(jws.signingInput());
    return verifier.verify(jws.signature());
  }
}
