package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.PasswordBasedEncrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Encrypts tokens for the client, by its own keys or, as nobody should, by its secret. */
public final class Envelope {
  /** The client's RSA key for encryption. */
  public static final RSAKey RSA = KeyFiles.rsa("enc-rsa");

  /** The client's EC key for encryption. */
  public static final ECKey EC = KeyFiles.ec(Curve.P_256, "enc-ec");

  private static final int PASSWORD_ROUNDS = 1000;

  private Envelope() {}

  /** {@code payload} in an honest envelope. */
  public static String sealed(String payload) {
    return sealed(payload, "RSA-OAEP-256", "A256GCM", Map.of());
  }

  /**
   * {@code payload} in an envelope.
   *
   * @param more further header parameters
   */
  public static String sealed(
      String payload, String algorithm, String method, Map<String, Object> more) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", algorithm);
    header.put("enc", method);
    header.put("cty", "JWT");
    header.putAll(more);
    try {
      JWEObject jwe = new JWEObject(JWEHeader.parse(header), new Payload(payload));
      jwe.encrypt(encrypter(algorithm, method));
      return jwe.serialize();
    } catch (ParseException | JOSEException e) {
      throw new IllegalArgumentException(algorithm + " " + method, e);
    }
  }

  private static JWEEncrypter encrypter(String algorithm, String method) throws JOSEException {
    if (algorithm.startsWith("RSA")) {
      return new RSAEncrypter(RSA);
    }
    if (algorithm.startsWith("ECDH")) {
      return new ECDHEncrypter(EC);
    }
    if (algorithm.startsWith("PBES2")) {
      return new PasswordBasedEncrypter(StubOp.CLIENT_SECRET, 16, PASSWORD_ROUNDS);
    }
    // OpenID Connect Core §10.2: the left bits of the secret's hash.
    int bits = Integer.parseInt((algorithm.equals("dir") ? method : algorithm).substring(1, 4));
    int bytes = algorithm.equals("dir") && method.contains("CBC") ? bits / 4 : bits / 8;
    byte[] key = Arrays.copyOf(secretHash(), bytes);
    return algorithm.equals("dir") ? new DirectEncrypter(key) : new AESEncrypter(key);
  }

  private static byte[] secretHash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(StubOp.CLIENT_SECRET.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
