package dev.gatehouse.seal;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;

/**
 * The one source of every value that must not be guessed: state, nonce, code verifier, session id,
 * CSRF token, incident id (TH-RAND-1). Safe for concurrent use.
 */
public final class RandomTokens {
  /** 256 bits: 43 characters of base64url without padding (RFC 7636 §4.1, §7.1). */
  public static final int TOKEN_BYTES = 32;

  private final SecureRandom random;

  /**
   * Draws from {@code random}, which must be a cryptographically strong generator.
   *
   * @param random the only randomness in the gateway
   */
  public RandomTokens(SecureRandom random) {
    this.random = Objects.requireNonNull(random, "random");
  }

  /** 32 fresh random bytes as 43 characters of base64url without padding. */
  public String next() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(TOKEN_BYTES));
  }

  /** {@code count} fresh random bytes. */
  public byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
