package dev.gatehouse.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One key of ours, with its id and what it is for (RFC 7517 §4). Immutable. */
public final class OwnKey {
  private final JWK jwk;

  OwnKey(JWK jwk) {
    this.jwk = jwk;
  }

  /** A new key on P-256 that signs with ES256; nobody else has it. */
  public static OwnKey fresh() {
    try {
      return new OwnKey(
          new ECKeyGenerator(Curve.P_256)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.ES256)
              .keyIDFromThumbprint(true)
              .generate());
    } catch (JOSEException e) {
      throw new IllegalStateException("every JVM has P-256", e);
    }
  }

  /** This key with its thumbprint (RFC 7638 §3) as its {@code kid}. */
  public OwnKey namedByThumbprint() {
    Map<String, Object> members = new LinkedHashMap<>(jwk.toJSONObject());
    members.put("kid", thumbprint());
    try {
      return new OwnKey(JWK.parse(members));
    } catch (ParseException e) {
      throw new IllegalStateException("a key that was read can be written", e);
    }
  }

  /** The {@code kid}. */
  public String id() {
    return jwk.getKeyID();
  }

  /** The algorithm it is used with; always there for a key that signs. */
  public Optional<String> algorithm() {
    return Optional.ofNullable(jwk.getAlgorithm()).map(Object::toString);
  }

  /** Whether the private half is here: of a key that has been replaced, the public one may do. */
  public boolean isPrivate() {
    return jwk.isPrivate();
  }

  /** The key with its private half, for the one who signs or decrypts. Audit its callers. */
  public JWK reveal() {
    return jwk;
  }

  /** The public half as members of a JWK. */
  public Map<String, Object> published() {
    return jwk.toPublicJWK().toJSONObject();
  }

  /** The SHA-256 thumbprint of the public half (RFC 7638 §3). */
  public String thumbprint() {
    try {
      return jwk.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** The public half with what makes the key and nothing else (RFC 7638 §3.2). */
  JWK withoutNames() {
    Map<String, Object> members = new LinkedHashMap<>(jwk.getRequiredParams());
    try {
      return JWK.parse(members);
    } catch (ParseException e) {
      throw new IllegalStateException("a key that was read can be written", e);
    }
  }

  JWSAlgorithm signingAlgorithm() {
    return JWSAlgorithm.parse(jwk.getAlgorithm().getName());
  }

  /** The id alone. */
  @Override
  public String toString() {
    return "OwnKey[" + id() + "]";
  }
}
