package dev.gatehouse.token;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatehouse.seal.Secret;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 of an access token: what caches hold in place of the token, so that a heap dump has none
 * (TH-BEAR-12). Immutable.
 */
public record TokenHash(long first, long second, long third, long fourth) {

  /** The hash of {@code token}. */
  public static TokenHash of(Secret token) {
    ByteBuffer hash = ByteBuffer.wrap(sha256().digest(token.reveal().getBytes(US_ASCII)));
    return new TokenHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Eight hex digits, to tell tokens apart in a log. */
  @Override
  public String toString() {
    return String.format("%08x", first >>> 32);
  }
}
