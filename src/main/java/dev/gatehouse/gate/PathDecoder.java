package dev.gatehouse.gate;

/**
 * Decodes one raw path once, and writes down beside it how it is sent on (TH-PATH-1). The forwarded
 * form keeps the escapes as they came, but for those of unreserved characters, and escapes what RFC
 * 3986 §3.3 does not allow in a path, such as a brace. Used once, by one thread.
 */
final class PathDecoder {
  private static final String HEX = "0123456789ABCDEF";

  private final String raw;
  private final int end;
  private final StringBuilder canonical;
  private final StringBuilder forwarded;
  private int next;

  /** Reads {@code raw} up to {@code end}; it begins with a slash. */
  PathDecoder(String raw, int end) {
    this.raw = raw;
    this.end = end;
    this.canonical = new StringBuilder(end);
    this.forwarded = new StringBuilder(end);
  }

  String canonical() {
    return canonical.toString();
  }

  String forwarded() {
    return forwarded.toString();
  }

  /** Decodes; the reason of the refusal, or null when all is well. */
  String decode() {
    while (next < end) {
      char c = raw.charAt(next);
      String refusal = c == '%' ? escape() : literal(c);
      if (refusal != null) {
        return refusal;
      }
    }
    String refusal = PathAmbiguity.inSegments(canonical);
    return refusal != null ? refusal : PathAmbiguity.inSecondDecoding(canonical);
  }

  private String literal(char c) {
    if (c <= 0x20 || c >= 0x7f || c == '\\' || c == '#' || c == '?') {
      return "forbidden-character";
    }
    if (c == ';') {
      return "path-parameter";
    }
    canonical.append(c);
    if (PathCharacters.isPlain(c)) {
      forwarded.append(c);
    } else {
      forwarded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    }
    next++;
    return null;
  }

  private String escape() {
    int octet = PathCharacters.octet(raw, next + 1, end);
    if (octet < 0) {
      return "bad-escape";
    }
    if (octet >= 0x80) {
      return multibyte(octet);
    }
    if (PathCharacters.isForbiddenEscaped(octet)) {
      return "forbidden-escape";
    }
    if (octet == ';') {
      return "path-parameter";
    }
    canonical.append((char) octet);
    if (PathCharacters.isUnreserved(octet)) {
      forwarded.append((char) octet);
    } else {
      forwarded.append(raw, next, next + 3);
    }
    next += 3;
    return null;
  }

  /** One character of two to four octets, in its only form (RFC 3629 §3, §4). */
  private String multibyte(int first) {
    int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4) {
      return "bad-utf8";
    }
    int codePoint = first & (0x3f >> more);
    int at = next + 3;
    for (int i = 0; i < more; i++, at += 3) {
      int octet = at < end && raw.charAt(at) == '%' ? PathCharacters.octet(raw, at + 1, end) : -1;
      if (octet < 0x80 || octet > 0xbf) {
        return "bad-utf8";
      }
      codePoint = codePoint << 6 | octet & 0x3f;
    }
    boolean overlong = codePoint < (more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000);
    boolean surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    if (overlong || surrogate || codePoint > 0x10ffff) {
      return "bad-utf8";
    }
    if (Character.isISOControl(codePoint)) {
      return "forbidden-escape";
    }
    canonical.appendCodePoint(codePoint);
    forwarded.append(raw, next, at);
    next = at;
    return null;
  }
}
