package dev.gatehouse.gate;

/** Which characters mean what in the path of a URI (RFC 3986 §2.2, §2.3, §3.3). */
final class PathCharacters {
  private static final boolean[] UNRESERVED = new boolean[128];
  private static final boolean[] PLAIN = new boolean[128];

  static {
    for (char c = 0; c < 128; c++) {
      UNRESERVED[c] =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0;
      PLAIN[c] = UNRESERVED[c] || "/!$&'()*+,=:@".indexOf(c) >= 0;
    }
  }

  private PathCharacters() {}

  /** Unreserved: its escape means the same as the character itself (RFC 3986 §2.3). */
  static boolean isUnreserved(int c) {
    return c >= 0 && c < 128 && UNRESERVED[c];
  }

  /**
   * A slash, or a pchar (RFC 3986 §3.3) other than the semicolon: means itself and nothing else.
   */
  static boolean isPlain(char c) {
    return c < 128 && PLAIN[c];
  }

  /**
   * A character that must not come out of an escape: another server could read it as the end or the
   * separator of a segment, or as the end of a line (TH-PATH-2).
   */
  static boolean isForbiddenEscaped(int c) {
    return c < 0x20 || c == 0x7f || c == '/' || c == '\\';
  }

  /** The value of a hex digit; -1 for any other character. */
  static int hex(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    char lower = (char) (c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** The byte of the two hex digits at {@code index}; -1 where there are not two. */
  static int octet(CharSequence text, int index, int end) {
    if (index + 2 > end) {
      return -1;
    }
    int high = hex(text.charAt(index));
    int low = hex(text.charAt(index + 1));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
