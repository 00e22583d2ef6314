package dev.gatehouse.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of secrets, so that the secrets themselves need not be kept or logged. */
public final class Digests {
  // Creating a digest costs more than a short hash; one a thread is enough.
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(Digests::newSha256);

  private Digests() {}

  /** The 32 bytes of SHA-256. */
  public static byte[] sha256(byte[] data) {
    return SHA_256.get().digest(data);
  }

  /** The 32 bytes of SHA-256 of the UTF-8 form. */
  public static byte[] sha256(String text) {
    return sha256(text.getBytes(UTF_8));
  }

  /** The first 8 hex digits of SHA-256: enough to tell values apart in a log, useless otherwise. */
  public static String fingerprint(String text) {
    return HexFormat.of().formatHex(sha256(text), 0, 4);
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
