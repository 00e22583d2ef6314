package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.keys.KeyRefusal;
import dev.gatehouse.seal.Secret;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which texts are secrets at all, at the start and whenever the file of one changes (TH-SEC-5,
 * TH-SEC-9).
 */
public final class SecretText {
  private static final Set<String> PLACEHOLDERS =
      Set.of(
          "changeme",
          "secret",
          "clientsecret",
          "password",
          "passwd",
          "todo",
          "tbd",
          "example",
          "placeholder",
          "replaceme",
          "insertsecret",
          "yoursecret",
          "yourclientsecret",
          "mysecret",
          "topsecret",
          "test",
          "none",
          "null",
          "xxx",
          "xxxx",
          "xxxxx",
          "xxxxxx",
          "xxxxxxxx");
  private static final int KEY_BYTES = 32;
  private static final int LEAST_DISTINCT_BYTES = 8;

  private SecretText() {}

  /**
   * The secret that {@code file} holds, without the line end.
   *
   * @throws KeyRefusal when it is empty, a placeholder or more than one line
   */
  public static Secret secret(byte[] file) throws KeyRefusal {
    return secret(withoutLineEnd(new String(file, UTF_8)));
  }

  /**
   * The session key that {@code file} holds.
   *
   * @throws KeyRefusal when it is not 256 random bits
   */
  public static Secret sessionKey(byte[] file) throws KeyRefusal {
    return sessionKey(secret(file));
  }

  static Secret secret(String text) throws KeyRefusal {
    if (text.isBlank()) {
      throw new KeyRefusal(
          "empty", "is empty; write a reference such as ${file:/run/secrets/NAME}");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new KeyRefusal(
          "bad-value", "holds a line end or another control character; write one line alone");
    }
    if (isPlaceholder(text)) {
      throw new KeyRefusal(
          "placeholder-secret",
          "is a placeholder that everybody knows; put the real one into a file and refer to it");
    }
    return Secret.of(text);
  }

  /** 256 bits in base64url, with or without padding; comes back without. */
  static Secret sessionKey(Secret secret) throws KeyRefusal {
    byte[] bytes = decode(secret.reveal());
    long distinct = IntStream.range(0, bytes.length).map(i -> bytes[i]).distinct().count();
    if (bytes.length != KEY_BYTES || distinct < LEAST_DISTINCT_BYTES) {
      throw new KeyRefusal(
          "weak-session-key",
          "is not 256 random bits in base64url (43 characters); make one with: gatehouse keygen");
    }
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  static String withoutLineEnd(String text) {
    return text.replaceFirst("[\\r\\n]+\\z", "");
  }

  private static byte[] decode(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static boolean isPlaceholder(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    return word.matches("<.*>") || PLACEHOLDERS.contains(word.replaceAll("[-_ .]", ""));
  }
}
