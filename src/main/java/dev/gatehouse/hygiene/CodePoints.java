package dev.gatehouse.hygiene;

/**
 * Characters of decoded text, of which those below 256 may be the octets of UTF-8. Forgiving:
 * overlong forms are read, since old servers read them.
 */
final class CodePoints {
  private CodePoints() {}

  /** How many characters of {@code text} make up the code point at {@code at}. */
  static int length(String text, int at, int to) {
    char c = text.charAt(at);
    int more = c < 0xc0 || c > 0xf4 ? 0 : c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    if (at + more >= to) {
      return 1;
    }
    for (int i = 1; i <= more; i++) {
      char octet = text.charAt(at + i);
      if (octet < 0x80 || octet > 0xbf) {
        return 1;
      }
    }
    return 1 + more;
  }

  /**
   * The code point at {@code at}, folded to ASCII where a comparison that ignores case or width
   * does so: the long s, the Kelvin sign, the Turkish i, fullwidth forms.
   */
  static int folded(String text, int at, int to) {
    int c = text.charAt(at);
    if (c < 0x80) {
      return c;
    }
    int length = length(text, at, to);
    if (length > 1) {
      c &= 0x7f >> length;
      for (int i = 1; i < length; i++) {
        c = c << 6 | text.charAt(at + i) & 0x3f;
      }
    }
    if (c >= 0xff01 && c <= 0xff5e) {
      return c - 0xfee0;
    }
    if (c == 0x130) {
      return 'i';
    }
    int upper = Character.toUpperCase(c);
    return Character.toLowerCase(upper);
  }

  /** Whether a reader may not notice a character: controls and invisible ones. */
  static boolean isIgnorable(int c) {
    return c < 0x20 || c == 0x7f || c >= 0x80 && Character.getType(c) == Character.FORMAT;
  }
}
