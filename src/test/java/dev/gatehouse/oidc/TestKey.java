package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key pair of the tests; the well-known ones are made once per run. */
public record TestKey(String kid, KeyPair pair) {
  public static final TestKey RSA = rsa("rsa-1", 2048);

  /** The same key id, another key. */
  public static final TestKey ATTACKER = rsa("rsa-1", 2048);

  /** A key that comes into use later. */
  public static final TestKey NEXT = rsa("rsa-2", 2048);

  public static final TestKey WEAK = rsa("weak", 1024);
  public static final TestKey EC = ec("ec-1", "secp256r1");
  public static final TestKey EC384 = ec("ec-384", "secp384r1");
  public static final TestKey ED = ed("ed-1");

  private static TestKey rsa(String kid, int bits) {
    return generate(kid, "RSA", generator -> generator.initialize(bits));
  }

  private static TestKey ec(String kid, String curve) {
    return generate(kid, "EC", generator -> generator.initialize(new ECGenParameterSpec(curve)));
  }

  private static TestKey ed(String kid) {
    return generate(kid, "Ed25519", generator -> {});
  }

  private interface Setup {
    void accept(KeyPairGenerator generator) throws GeneralSecurityException;
  }

  private static TestKey generate(String kid, String algorithm, Setup setup) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      setup.accept(generator);
      return new TestKey(kid, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The member of a JWK set, for signatures. */
  public Map<String, Object> jwk() {
    JWK jwk;
    if (pair.getPublic() instanceof RSAPublicKey key) {
      jwk = new RSAKey.Builder(key).keyID(kid).keyUse(KeyUse.SIGNATURE).build();
    } else if (pair.getPublic() instanceof ECPublicKey key) {
      Curve curve = Curve.forECParameterSpec(key.getParams());
      jwk = new ECKey.Builder(curve, key).keyID(kid).keyUse(KeyUse.SIGNATURE).build();
    } else {
      byte[] der = pair.getPublic().getEncoded();
      Base64URL x = Base64URL.encode(Arrays.copyOfRange(der, der.length - 32, der.length));
      jwk = new OctetKeyPair.Builder(Curve.Ed25519, x).keyID(kid).keyUse(KeyUse.SIGNATURE).build();
    }
    return new LinkedHashMap<>(jwk.toJSONObject());
  }

  /** Signs with any algorithm that fits the key, allowed or not. */
  byte[] sign(String algorithm, String input) {
    try {
      Signature signer =
          switch (algorithm) {
            case "RS256" -> Signature.getInstance("SHA256withRSA");
            case "RS384" -> Signature.getInstance("SHA384withRSA");
            case "RS512" -> Signature.getInstance("SHA512withRSA");
            case "PS256" -> Signature.getInstance("RSASSA-PSS");
            case "ES256" -> Signature.getInstance("SHA256withECDSAinP1363Format");
            case "ES384" -> Signature.getInstance("SHA384withECDSAinP1363Format");
            case "EdDSA", "Ed25519" -> Signature.getInstance("Ed25519");
            default -> throw new IllegalArgumentException(algorithm);
          };
      if (algorithm.equals("PS256")) {
        signer.setParameter(
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      }
      signer.initSign(pair.getPrivate());
      signer.update(input.getBytes(US_ASCII));
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** HMAC-SHA-256, as HS256 wants it. */
  static byte[] mac(byte[] key, String input) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(input.getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return kid;
  }
}
