package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an ID token is made: as OpenID Connect Core §2 asks unless told otherwise. Every method here
 * makes the token wrong in one way and returns this.
 */
public final class TokenRecipe {
  private final Map<String, Object> claims = new LinkedHashMap<>();
  private final Map<String, Object> header = new LinkedHashMap<>();
  private final Map<String, Object> afterSigning = new LinkedHashMap<>();
  private JWSAlgorithm signature = JWSAlgorithm.RS256;
  private RSAKey rsa = OpKeys.RSA;
  private byte[] hmacKey;
  private byte[] fixedSignature;
  private String repeatedMember = "";
  private String literal;
  private boolean missing;
  private boolean sealed;

  /** A correct token. */
  public static TokenRecipe correct() {
    return new TokenRecipe();
  }

  /** Sets a claim; null leaves it out. */
  public TokenRecipe claim(String name, Object value) {
    claims.put(name, value);
    return this;
  }

  /** Sets a header parameter; null leaves it out. */
  public TokenRecipe header(String name, Object value) {
    header.put(name, value);
    return this;
  }

  /** Signs with the OP's EC key. */
  public TokenRecipe es256() {
    signature = JWSAlgorithm.ES256;
    return this;
  }

  /** An unsecured JWS (RFC 7515 §6) whose {@code alg} is spelled like this. */
  public TokenRecipe unsecured(String spelling) {
    fixedSignature = new byte[0];
    return header("alg", spelling);
  }

  /** HS256 with the public RSA key as the secret: algorithm confusion (RFC 8725 §2.1). */
  public TokenRecipe hmacWithPublicKeyPem() {
    hmacKey = publicKeyPem();
    return header("alg", "HS256");
  }

  /** HS256 with the client secret, which nobody configured. */
  public TokenRecipe hmacWithClientSecret(String clientSecret) {
    hmacKey = clientSecret.getBytes(UTF_8);
    return header("alg", "HS256");
  }

  /** Signed by a key that is not the OP's but has its id. */
  public TokenRecipe signedByAttacker() {
    rsa = OpKeys.ATTACKER;
    return this;
  }

  /** Signed by that key, under its id; without one where it has none. */
  public TokenRecipe signedBy(RSAKey key) {
    rsa = key;
    return header("kid", key.getKeyID());
  }

  /** Signed by the attacker, who sends the key along (RFC 7515 §4.1.3). */
  public TokenRecipe attackerKeyEmbedded() {
    return signedByAttacker().header("jwk", OpKeys.ATTACKER.toPublicJWK().toJSONObject());
  }

  /** These bytes as the signature. */
  public TokenRecipe signature(byte[] bytes) {
    fixedSignature = bytes.clone();
    return this;
  }

  /** A claim changed after the token was signed. */
  public TokenRecipe changedAfterSigning(String name, Object value) {
    afterSigning.put(name, value);
    return this;
  }

  /** A member in JSON text, such as {@code "aud":"x"}, added though it is there already. */
  public TokenRecipe repeatedMember(String json) {
    repeatedMember = "," + json;
    return this;
  }

  /** This text instead of a token. */
  public TokenRecipe literal(String text) {
    literal = text;
    return this;
  }

  /** Encrypted to the client by its RSA key, whatever is inside. */
  public TokenRecipe sealed() {
    sealed = true;
    return this;
  }

  /** No ID token at all. */
  public TokenRecipe missing() {
    missing = true;
    return this;
  }

  /** The compact form; null for none. */
  String bake(Map<String, Object> honestClaims) {
    String plain = plain(honestClaims);
    return sealed ? Envelope.sealed(plain) : plain;
  }

  private String plain(Map<String, Object> honestClaims) {
    if (missing || literal != null) {
      return literal;
    }
    Map<String, Object> payload = merged(honestClaims, claims);
    Map<String, Object> honestHeader = new LinkedHashMap<>();
    honestHeader.put("alg", signature.getName());
    honestHeader.put("kid", signature.equals(JWSAlgorithm.ES256) ? "ec-1" : "rsa-1");
    honestHeader.put("typ", "JWT");
    String head = encode(Json.bytes(merged(honestHeader, header)));
    String signed = encode(payload(payload));
    String sent = afterSigning.isEmpty() ? signed : encode(payload(merged(payload, afterSigning)));
    return head + "." + sent + "." + sign(head + "." + signed);
  }

  private byte[] payload(Map<String, Object> members) {
    String json = new String(Json.bytes(members), UTF_8);
    return (json.substring(0, json.length() - 1) + repeatedMember + "}").getBytes(UTF_8);
  }

  private String sign(String input) {
    if (fixedSignature != null) {
      return encode(fixedSignature);
    }
    try {
      JWSAlgorithm algorithm = hmacKey == null ? signature : JWSAlgorithm.HS256;
      Base64URL bytes = signer().sign(new JWSHeader(algorithm), input.getBytes(US_ASCII));
      return bytes.toString();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private JWSSigner signer() throws JOSEException {
    if (hmacKey != null) {
      return new MACSigner(hmacKey);
    }
    if (signature.equals(JWSAlgorithm.ES256)) {
      return new ECDSASigner(OpKeys.EC);
    }
    return new RSASSASigner(rsa);
  }

  private static byte[] publicKeyPem() {
    try {
      String base64 = Base64.getMimeEncoder().encodeToString(OpKeys.RSA.toPublicKey().getEncoded());
      return ("-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n")
          .getBytes(US_ASCII);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> merged(Map<String, Object> base, Map<String, Object> over) {
    Map<String, Object> result = new LinkedHashMap<>(base);
    over.forEach(
        (name, value) -> {
          if (value == null) {
            result.remove(name);
          } else {
            result.put(name, value);
          }
        });
    return result;
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
