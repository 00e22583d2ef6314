package dev.gatehouse.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.seal.Secret;
import java.util.Map;
import java.util.Optional;

/** Signs JWTs of this client: client assertions, request objects (RFC 7515 §5.1). */
public final class JwtSigner {
  private JwtSigner() {}

  /**
   * Signs {@code claims} with {@code key}; the header has {@code alg}, {@code kid} and {@code typ}.
   *
   * @param type such as {@code JWT} or {@code oauth-authz-req+jwt}
   * @throws IllegalStateException when {@code key} has no private half
   */
  public static Secret sign(OwnKey key, String type, Map<String, Object> claims) {
    JWSHeader header =
        new JWSHeader.Builder(key.signingAlgorithm())
            .type(new JOSEObjectType(type))
            .keyID(key.id())
            .build();
    try {
      return sign(header, claims, signer(key.reveal()));
    } catch (JOSEException e) {
      throw new IllegalStateException("the key " + key.id() + " does not sign");
    }
  }

  /**
   * Signs {@code claims} with {@code key}, whose public half stands in the header: whoever reads it
   * learns that the sender holds the private one (RFC 9449 §4.2).
   *
   * @throws IllegalStateException when {@code key} has no private half
   */
  public static Secret signAsHolder(OwnKey key, String type, Map<String, Object> claims) {
    JWSHeader header =
        new JWSHeader.Builder(key.signingAlgorithm())
            .type(new JOSEObjectType(type))
            .jwk(key.withoutNames())
            .build();
    try {
      return sign(header, claims, signer(key.reveal()));
    } catch (JOSEException e) {
      throw new IllegalStateException("the key " + key.id() + " does not sign");
    }
  }

  /**
   * Signs {@code claims} with a secret that the OP knows too (RFC 7518 §3.2).
   *
   * @param algorithm HS256, HS384 or HS512
   * @throws IllegalStateException when the secret is shorter than the hash
   */
  public static Secret sign(
      Secret secret, String algorithm, String type, Map<String, Object> claims) {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).type(new JOSEObjectType(type)).build();
    try {
      return sign(header, claims, new MACSigner(secret.reveal().getBytes(UTF_8)));
    } catch (JOSEException e) {
      throw new IllegalStateException("the client secret is too short for " + algorithm);
    }
  }

  /** What is wrong with {@code secret} as the key of {@code algorithm}; empty where nothing is. */
  public static Optional<String> tooShort(Secret secret, String algorithm) {
    int least = Integer.parseInt(algorithm.substring(2)) / 8;
    int bytes = secret.reveal().getBytes(UTF_8).length;
    return bytes >= least
        ? Optional.empty()
        : Optional.of("has " + bytes + " bytes; " + algorithm + " needs " + least + " or more");
  }

  private static Secret sign(JWSHeader header, Map<String, Object> claims, JWSSigner signer)
      throws JOSEException {
    JWSObject jwt = new JWSObject(header, new Payload(claims));
    jwt.sign(signer);
    return Secret.of(jwt.serialize());
  }

  private static JWSSigner signer(JWK jwk) throws JOSEException {
    if (jwk instanceof RSAKey rsa) {
      return new RSASSASigner(rsa);
    }
    return jwk instanceof ECKey ec ? new ECDSASigner(ec) : new EdwardsSigner((OctetKeyPair) jwk);
  }
}
