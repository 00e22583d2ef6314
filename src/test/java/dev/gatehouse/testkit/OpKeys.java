package dev.gatehouse.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;

/**
 * The keys of {@link StubOp}, made once per run, and those of an attacker who borrows their ids.
 */
public final class OpKeys {
  static final RSAKey RSA = rsa("rsa-1");

  /** The EC key. */
  public static final ECKey EC = ec("ec-1");

  /** Has the id of the real key, but is not in the JWK Set. */
  static final RSAKey ATTACKER = rsa("rsa-1");

  private OpKeys() {}

  /** Makes the keys now: it takes long enough for an OP's client to lose patience. */
  static void make() {}

  /** Another RSA key; null for one without an id. */
  public static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey ec(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
