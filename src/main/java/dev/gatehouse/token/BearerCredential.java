package dev.gatehouse.token;

import dev.gatehouse.seal.Secret;
import java.util.List;
import java.util.Objects;

/**
 * What the Authorization field of a request says of an access token (RFC 6750 §2.1). A token in any
 * other place is no credential (TH-LEAK-1).
 */
public sealed interface BearerCredential {
  /** Longer field values are not looked at. */
  int MAX_CHARS = 8 * 1024;

  /** No field, or one of another scheme: the challenge names no error (RFC 6750 §3.1). */
  record Absent() implements BearerCredential {}

  /** Two fields, or a Bearer field that breaks the grammar: 400. */
  record Malformed() implements BearerCredential {}

  /** One token of the right form; whether it is good has not been judged. */
  record Token(Secret value, TokenHash hash) implements BearerCredential {
    public Token {
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(hash, "hash");
    }

    /** That token. */
    public static Token of(Secret value) {
      return new Token(value, TokenHash.of(value));
    }
  }

  /** Reads the values of all Authorization fields of a request. */
  static BearerCredential read(List<String> fields) {
    if (fields.isEmpty()) {
      return new Absent();
    }
    if (fields.size() > 1) {
      return new Malformed();
    }
    return read(fields.get(0));
  }

  private static BearerCredential read(String field) {
    if (!isBearer(field)) {
      return new Absent();
    }
    int start = "Bearer".length();
    while (start < field.length() && field.charAt(start) == ' ') {
      start++;
    }
    boolean separated = start > "Bearer".length();
    return separated && field.length() <= MAX_CHARS && isToken(field, start)
        ? Token.of(Secret.of(field.substring(start)))
        : new Malformed();
  }

  // RFC 9110 §11.1: the scheme in any case. "Bearer" alone, or with anything but a letter or digit
  // after it, is a Bearer credential gone wrong, not another scheme.
  private static boolean isBearer(String field) {
    int length = "Bearer".length();
    return field.regionMatches(true, 0, "Bearer", 0, length)
        && (field.length() == length || !Character.isLetterOrDigit(field.charAt(length)));
  }

  // RFC 6750 §2.1: b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
  private static boolean isToken(String field, int start) {
    int end = field.length();
    while (end > start && field.charAt(end - 1) == '=') {
      end--;
    }
    for (int i = start; i < end; i++) {
      if (!isTokenChar(field.charAt(i))) {
        return false;
      }
    }
    return end > start;
  }

  private static boolean isTokenChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~+/".indexOf(c) >= 0;
  }
}
