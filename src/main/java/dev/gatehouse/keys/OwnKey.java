package dev.gatehouse.keys;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import java.util.Map;
import java.util.Optional;

/** One key of ours, with its id and what it is for (RFC 7517 §4). Immutable. */
public final class OwnKey {
  private final JWK jwk;

  OwnKey(JWK jwk) {
    this.jwk = jwk;
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

  JWSAlgorithm signingAlgorithm() {
    return JWSAlgorithm.parse(jwk.getAlgorithm().getName());
  }

  /** The id alone. */
  @Override
  public String toString() {
    return "OwnKey[" + id() + "]";
  }
}
