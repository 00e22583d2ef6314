package dev.gatehouse.config;

import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Node.Source;
import dev.gatehouse.seal.Secret;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Looks at secrets without ever saying what they are (TH-SEC-1, TH-SEC-5, TH-SEC-9). */
final class SecretChecks {
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

  private final Values values;

  SecretChecks(Values values) {
    this.values = values;
  }

  /** The secret, where it is none that everybody knows. */
  Optional<Secret> check(String key, Scalar scalar) {
    String text = scalar.text();
    if (text.isBlank()) {
      values.error("empty", key, "is empty; write a reference such as ${file:/run/secrets/NAME}");
      return Optional.empty();
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      values.error(
          "bad-value", key, "holds a line end or another control character; write one line alone");
      return Optional.empty();
    }
    if (isPlaceholder(text)) {
      values.error(
          "placeholder-secret",
          key,
          "is a placeholder that everybody knows; put the real one into a file and refer to it");
      return Optional.empty();
    }
    if (scalar.source() == Source.LITERAL) {
      values.warn(
          "secret-inline",
          key,
          "stands in the configuration file itself; write ${file:PATH} or ${env:NAME} instead");
    }
    return Optional.of(Secret.of(text));
  }

  /** A session key: 256 bits in base64url, with or without padding. */
  Optional<Secret> checkKey(String key, Scalar scalar) {
    return check(key, scalar).flatMap(secret -> keyOf(key, secret));
  }

  private Optional<Secret> keyOf(String key, Secret secret) {
    byte[] bytes = decode(secret.reveal());
    long distinct =
        java.util.stream.IntStream.range(0, bytes.length).map(i -> bytes[i]).distinct().count();
    if (bytes.length != KEY_BYTES || distinct < LEAST_DISTINCT_BYTES) {
      values.error(
          "weak-session-key",
          key,
          "is not 256 random bits in base64url (43 characters); make one with: gatehouse keygen");
      return Optional.empty();
    }
    return Optional.of(Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
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
