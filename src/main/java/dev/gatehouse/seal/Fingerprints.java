package dev.gatehouse.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Short keyed digests of secrets: the same value has the same one, and nobody without the key can
 * try values out (RFC 2104). Immutable, safe for concurrent use.
 */
public final class Fingerprints {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  Fingerprints(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /** The first 8 hex digits of the HMAC-SHA-256 of {@code value}. */
  public String of(String value) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(value.getBytes(UTF_8)), 0, 4);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
