package dev.gatehouse.keys;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which keys are good for what (RFC 7518 §3, §4; RFC 8725 §3.5; RFC 8037 §3.1). */
final class KeyRules {
  private static final int LEAST_RSA_BITS = 2048;
  private static final Map<Curve, String> CURVES =
      Map.of(Curve.P_256, "ES256", Curve.P_384, "ES384", Curve.P_521, "ES512");

  private KeyRules() {}

  /**
   * The keys that sign.
   *
   * @param keyId the id of the first, whatever the file says
   * @param algorithm the algorithm of the first
   */
  static KeySet signing(List<JWK> found, Optional<String> keyId, Optional<String> algorithm)
      throws KeyRefusal {
    List<JWK> usable = usable(found, KeyUse.SIGNATURE, "encryption");
    List<OwnKey> keys = new ArrayList<>();
    for (JWK jwk : usable) {
      boolean first = keys.isEmpty();
      List<String> fitting = signatures(jwk);
      Optional<String> own = Optional.ofNullable(jwk.getAlgorithm()).map(Algorithm::getName);
      Optional<String> wanted = first ? algorithm.or(() -> own) : own;
      if (wanted.isPresent() && !fitting.contains(wanted.get())) {
        throw new KeyRefusal(
            "key-algorithm",
            "does not fit the algorithm "
                + wanted.get().replaceAll("[^A-Za-z0-9-]", "?")
                + "; with this key write one of "
                + String.join(", ", fitting));
      }
      String inherited = algorithm.filter(fitting::contains).orElse(fitting.get(0));
      keys.add(
          key(
              jwk,
              KeyUse.SIGNATURE,
              first ? keyId : Optional.empty(),
              Optional.of(wanted.orElse(inherited))));
    }
    return distinct(keys);
  }

  /** The keys that open what is encrypted for this client. */
  static KeySet opening(List<JWK> found) throws KeyRefusal {
    List<OwnKey> keys = new ArrayList<>();
    for (JWK jwk : usable(found, KeyUse.ENCRYPTION, "signatures")) {
      if (jwk instanceof OctetKeyPair) {
        throw new KeyRefusal(
            "key-type", "holds an Ed25519 or X25519 key; encryption needs RSA or EC (P-256)");
      }
      Optional<String> algorithm = Optional.ofNullable(jwk.getAlgorithm()).map(Algorithm::getName);
      keys.add(key(jwk, KeyUse.ENCRYPTION, Optional.empty(), algorithm));
    }
    return distinct(keys);
  }

  private static List<JWK> usable(List<JWK> found, KeyUse use, String other) throws KeyRefusal {
    List<JWK> usable = new ArrayList<>();
    for (JWK jwk : found) {
      if (jwk.getKeyUse() == null || jwk.getKeyUse().equals(use)) {
        checkStrength(jwk);
        usable.add(jwk);
      }
    }
    if (usable.isEmpty()) {
      throw new KeyRefusal("key-use", "holds no key but for " + other + "; add one");
    }
    if (!usable.get(0).isPrivate()) {
      throw new KeyRefusal(
          "public-key-only",
          "holds a public key where the private one is needed; name the file with the private key,"
              + " in a set as its first");
    }
    return usable;
  }

  private static void checkStrength(JWK jwk) throws KeyRefusal {
    if (jwk instanceof RSAKey rsa) {
      int bits = rsa.getModulus().decodeToBigInteger().bitLength();
      if (bits < LEAST_RSA_BITS) {
        throw new KeyRefusal(
            "weak-key",
            "holds an RSA key of "
                + bits
                + " bits; make one of 2048 or more:"
                + " openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out FILE");
      }
    } else if (jwk instanceof ECKey ec) {
      if (!CURVES.containsKey(ec.getCurve())) {
        throw new KeyRefusal(
            "key-type", "holds an EC key of another curve than P-256, P-384, P-521");
      }
    } else if (!(jwk instanceof OctetKeyPair)) {
      throw new KeyRefusal(
          "symmetric-key",
          "holds a symmetric key, which the OP would know too; name a private key (RSA, EC,"
              + " Ed25519), or use client-secret");
    }
    if (jwk.isPrivate() && !PublicHalf.fits(jwk)) {
      throw new KeyRefusal(
          "bad-key", "holds a private key and a public one that do not belong together");
    }
  }

  /** The algorithms that fit, the best one first. */
  private static List<String> signatures(JWK jwk) throws KeyRefusal {
    if (jwk instanceof RSAKey) {
      return List.of("PS256", "PS384", "PS512", "RS256", "RS384", "RS512");
    }
    if (jwk instanceof ECKey ec) {
      return List.of(CURVES.get(ec.getCurve()));
    }
    if (jwk instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
      return List.of("EdDSA", "Ed25519");
    }
    throw new KeyRefusal("key-type", "holds a key that cannot sign; use RSA, EC or Ed25519");
  }

  private static OwnKey key(JWK jwk, KeyUse use, Optional<String> keyId, Optional<String> algorithm)
      throws KeyRefusal {
    try {
      Map<String, Object> members = new HashMap<>(jwk.toJSONObject());
      // The chain of a certificate, or where to find it, is not what this key is published for.
      members.keySet().removeAll(List.of("x5c", "x5u", "x5t", "x5t#S256", "key_ops"));
      members.put("use", use.identifier());
      String thumbprint = jwk.computeThumbprint().toString();
      members.put("kid", keyId.orElse(jwk.getKeyID() == null ? thumbprint : jwk.getKeyID()));
      algorithm.ifPresent(name -> members.put("alg", name));
      return new OwnKey(JWK.parse(members));
    } catch (JOSEException | java.text.ParseException e) {
      throw new KeyRefusal("bad-key", "holds a key that cannot be read");
    }
  }

  private static KeySet distinct(List<OwnKey> keys) throws KeyRefusal {
    if (keys.stream().map(OwnKey::id).distinct().count() < keys.size()) {
      throw new KeyRefusal(
          "key-id", "holds two keys with one kid; the OP could not tell them apart");
    }
    return new KeySet(keys);
  }
}
