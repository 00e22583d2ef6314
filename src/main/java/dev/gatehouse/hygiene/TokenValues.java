package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.List;

/** Recognises tokens by what they look like, whatever they are called (TH-LEAK-9). */
final class TokenValues {
  /** Base64url of <code>{"</code>, with which the header of every JWT begins (RFC 7519 §3.1). */
  private static final String BEGINNING = "eyJ";

  /** Shorter values are nobody's session. */
  private static final int SHORTEST_OWN = 20;

  private TokenValues() {}

  /** Whether a JWS or JWE in compact form (RFC 7515 §3.1) stands in the range, encoded or not. */
  static boolean holdsJwt(String text, int from, int to) {
    if (Escapes.indexOf(text, '%', from, to) < 0) {
      return jwtIn(text, from, to) >= 0;
    }
    String decoded = Escapes.decode(text, from, to);
    if (jwtIn(decoded, 0, decoded.length()) >= 0) {
      return true;
    }
    String twice =
        decoded.indexOf('%') < 0 ? decoded : Escapes.decode(decoded, 0, decoded.length());
    return jwtIn(twice, 0, twice.length()) >= 0;
  }

  /** Where a JWT begins in plain text; -1 for nowhere. Linear. */
  static int jwtIn(String text, int from, int to) {
    int at = beginning(text, from, to);
    while (at >= 0) {
      boolean begins = at == from || !isBase64Url(text.charAt(at - 1));
      int end = runEnd(text, at, to);
      if (begins && end < to && text.charAt(end) == '.') {
        int second = runEnd(text, end + 1, to);
        if (second < to && text.charAt(second) == '.') {
          return at;
        }
        end = second;
      }
      at = beginning(text, Math.max(end, at + 1), to);
    }
    return -1;
  }

  private static int beginning(String text, int from, int to) {
    int at = Escapes.indexOf(text, BEGINNING.charAt(0), from, to - BEGINNING.length());
    while (at >= 0 && !text.startsWith(BEGINNING, at)) {
      at = Escapes.indexOf(text, BEGINNING.charAt(0), at + 1, to - BEGINNING.length());
    }
    return at;
  }

  private static int runEnd(String text, int from, int to) {
    int at = from;
    while (at < to && isBase64Url(text.charAt(at))) {
      at++;
    }
    return at;
  }

  static boolean isBase64Url(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '_';
  }

  /** Whether the value in the range is one of {@code secrets}. */
  static boolean isOneOf(List<String> secrets, String text, int from, int to) {
    if (to - from < SHORTEST_OWN) {
      return false;
    }
    byte[] value = Escapes.decode(text, from, to).getBytes(UTF_8);
    for (String secret : secrets) {
      if (secret.length() >= SHORTEST_OWN && MessageDigest.isEqual(value, secret.getBytes(UTF_8))) {
        return true;
      }
    }
    return false;
  }
}
