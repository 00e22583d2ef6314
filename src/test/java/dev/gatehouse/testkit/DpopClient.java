package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** A client that holds a key, and proves it as a test tells (RFC 9449 §4.2). */
public final class DpopClient {
  private final JWK key;
  private final JWSAlgorithm algorithm;
  private final Clock clock;

  private DpopClient(JWK key, JWSAlgorithm algorithm, Clock clock) {
    this.key = key;
    this.algorithm = algorithm;
    this.clock = clock;
  }

  /** With an EC key of its own. */
  public static DpopClient es256(Clock clock) {
    try {
      return new DpopClient(new ECKeyGenerator(Curve.P_256).generate(), JWSAlgorithm.ES256, clock);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With that RSA key. */
  public static DpopClient rsa(RSAKey key, JWSAlgorithm algorithm, Clock clock) {
    return new DpopClient(key, algorithm, clock);
  }

  /** What tokens are bound to (RFC 9449 §6.1). */
  public String thumbprint() {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key itself, with its private part. */
  public JWK key() {
    return key;
  }

  /** A correct proof for one request. */
  public Proof proof(String method, String url, String token) {
    return new Proof(method, url, token);
  }

  /** A proof: every method makes it wrong in one way and returns this. */
  public final class Proof {
    private final Map<String, Object> header = new LinkedHashMap<>();
    private final Map<String, Object> claims = new LinkedHashMap<>();
    private JWK signer = key;
    private byte[] mac;
    private byte[] fixedSignature;

    private Proof(String method, String url, String token) {
      header.put("typ", "dpop+jwt");
      header.put("alg", algorithm.getName());
      header.put("jwk", key.toPublicJWK().toJSONObject());
      claims.put("jti", UUID.randomUUID().toString());
      claims.put("htm", method);
      claims.put("htu", url);
      claims.put("iat", clock.instant().getEpochSecond());
      claims.put("ath", hash(token));
    }

    /** Sets a header parameter; null leaves it out. */
    public Proof header(String name, Object value) {
      return put(header, name, value);
    }

    /** Sets a claim; null leaves it out. */
    public Proof claim(String name, Object value) {
      return put(claims, name, value);
    }

    private Proof put(Map<String, Object> into, String name, Object value) {
      if (value == null) {
        into.remove(name);
      } else {
        into.put(name, value);
      }
      return this;
    }

    /** Made so many seconds from now. */
    public Proof madeAfter(long seconds) {
      return claim("iat", clock.instant().getEpochSecond() + seconds);
    }

    /** Signed by the key of {@code other}, though it names this one. */
    public Proof signedBy(DpopClient other) {
      signer = other.key;
      return this;
    }

    /** HS256 with that secret. */
    public Proof mac(byte[] secret) {
      mac = secret.clone();
      return header("alg", "HS256");
    }

    /** These bytes as the signature. */
    public Proof signature(byte[] bytes) {
      fixedSignature = bytes.clone();
      return this;
    }

    /** The compact form. */
    public String compact() {
      String input = encode(Json.bytes(header)) + "." + encode(Json.bytes(claims));
      return input + "." + encode(signed(input.getBytes(US_ASCII)));
    }

    private byte[] signed(byte[] input) {
      if (fixedSignature != null) {
        return fixedSignature.clone();
      }
      try {
        JWSAlgorithm by = mac == null ? algorithm : JWSAlgorithm.HS256;
        return signer().sign(new JWSHeader(by), input).decode();
      } catch (JOSEException e) {
        throw new IllegalStateException(e);
      }
    }

    private JWSSigner signer() throws JOSEException {
      if (mac != null) {
        return new MACSigner(mac);
      }
      return signer instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) signer);
    }
  }

  private static String hash(String token) {
    try {
      return encode(MessageDigest.getInstance("SHA-256").digest(token.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
