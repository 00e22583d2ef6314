package dev.gatehouse.token;

import dev.gatehouse.seal.Secret;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * SHA-256 of an access token: what caches hold in place of the token, so that a heap dump has none
 * (TH-BEAR-12). Immutable.
 */
public record TokenHash(long first, long second, long third, long fourth) {
  // Every request with a token is hashed; what that takes is made once a thread.
  private static final ThreadLocal<Hasher> HASHERS = ThreadLocal.withInitial(Hasher::new);

  /** The hash of {@code token}. */
  public static TokenHash of(Secret token) {
    return of(token.reveal(), 0);
  }

  /** The hash of what stands in {@code text} from {@code start} to its end. */
  static TokenHash of(String text, int start) {
    return HASHERS.get().hash(text, start);
  }

  /** The 32 bytes in base64url: the {@code ath} of a DPoP proof (RFC 9449 §4.2). */
  String base64url() {
    byte[] bytes =
        ByteBuffer.allocate(4 * Long.BYTES)
            .putLong(first)
            .putLong(second)
            .putLong(third)
            .putLong(fourth)
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Eight hex digits, to tell tokens apart in a log. */
  @Override
  public String toString() {
    return String.format("%08x", first >>> 32);
  }

  /** Hashes text without copying it as a whole, and keeps nothing of it. */
  private static final class Hasher {
    private final MessageDigest digest = sha256();
    private final byte[] chunk = new byte[512];
    private final byte[] hash = new byte[4 * Long.BYTES];
    private final ByteBuffer view = ByteBuffer.wrap(hash);

    // String.getBytes(int, int, byte[], int) takes the low byte of each character, which is all
    // that a token has, as fast as memory is copied; nothing else does without a new array.
    @SuppressWarnings("deprecation")
    TokenHash hash(String text, int start) {
      for (int from = start; from < text.length(); from += chunk.length) {
        int length = Math.min(chunk.length, text.length() - from);
        text.getBytes(from, from + length, chunk, 0);
        digest.update(chunk, 0, length);
      }
      Arrays.fill(chunk, (byte) 0);
      try {
        digest.digest(hash, 0, hash.length);
      } catch (DigestException e) {
        throw new IllegalStateException("SHA-256 has 32 bytes", e);
      }
      return new TokenHash(view.getLong(0), view.getLong(8), view.getLong(16), view.getLong(24));
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JVM has SHA-256", e);
      }
    }
  }
}
