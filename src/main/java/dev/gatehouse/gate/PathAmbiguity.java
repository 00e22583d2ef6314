package dev.gatehouse.gate;

/** What a decoded path must not contain, since two servers could read it in two ways. */
final class PathAmbiguity {
  private PathAmbiguity() {}

  /**
   * Empty segments and dot segments (TH-PATH-3, TH-PATH-5): the reason of the refusal, or null. A
   * segment of nothing but dots and spaces counts as a dot segment, since Windows drops dots and
   * spaces at the end of a name. The last segment may be empty: the path then ends in a slash.
   */
  static String inSegments(CharSequence path) {
    int length = path.length();
    int start = 1;
    while (start < length) {
      int at = start;
      boolean dotsOnly = true;
      while (at < length && path.charAt(at) != '/') {
        char c = path.charAt(at++);
        dotsOnly &= c == '.' || c == ' ';
      }
      if (at == start) {
        return "empty-segment";
      }
      if (dotsOnly) {
        return "dot-segment";
      }
      start = at + 1;
    }
    return null;
  }

  /**
   * What a server that decodes once more than we do would get (TH-PATH-2): the reason of the
   * refusal, or null. A percent sign is fine where it is one, as in {@code /100%25}.
   */
  static String inSecondDecoding(CharSequence path) {
    int length = path.length();
    for (int i = 0; i < length; i++) {
      if (path.charAt(i) == '%' && hidesSeparator(path, i + 1, length)) {
        return "double-encoding";
      }
    }
    return null;
  }

  private static boolean hidesSeparator(CharSequence path, int afterPercent, int end) {
    int at = afterPercent;
    // However often it is encoded: %252525%32e is a dot in the end.
    while (PathCharacters.octet(path, at, end) == '%') {
      at += 2;
    }
    int octet = PathCharacters.octet(path, at, end);
    if (octet >= 0) {
      // C0 and C1 begin overlong forms of ASCII only.
      return PathCharacters.isForbiddenEscaped(octet)
          || octet == '.'
          || octet == ';'
          || octet == 0xc0
          || octet == 0xc1;
    }
    // %u002e, an escape of old IIS and of JavaScript's escape().
    return at < end
        && (path.charAt(at) | 0x20) == 'u'
        && PathCharacters.octet(path, at + 1, end) >= 0
        && PathCharacters.octet(path, at + 3, end) >= 0;
  }
}
