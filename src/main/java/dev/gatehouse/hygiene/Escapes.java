package dev.gatehouse.hygiene;

/** Percent-encoding as the most forgiving of servers read it. */
final class Escapes {
  private Escapes() {}

  /** As {@link String#indexOf(int, int)}, looking no further than {@code to}. */
  static int indexOf(String text, char wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == wanted) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Decodes once: {@code %XX} to a character below 256, {@code %uXXXX} (JavaScript's escape(), old
   * IIS) to its character; what is no escape stays as it is.
   */
  static String decode(String text, int from, int to) {
    StringBuilder decoded = new StringBuilder(to - from);
    int at = from;
    while (at < to) {
      char c = text.charAt(at);
      int octet = c == '%' ? octet(text, at + 1, to) : -1;
      if (octet >= 0) {
        decoded.append((char) octet);
        at += 3;
        continue;
      }
      int unit = c == '%' ? unit(text, at + 1, to) : -1;
      decoded.append(unit >= 0 ? (char) unit : c);
      at += unit >= 0 ? 6 : 1;
    }
    return decoded.toString();
  }

  private static int unit(String text, int at, int to) {
    if (at >= to || (text.charAt(at) | 0x20) != 'u') {
      return -1;
    }
    int high = octet(text, at + 1, to);
    int low = octet(text, at + 3, to);
    return high < 0 || low < 0 ? -1 : high << 8 | low;
  }

  private static int octet(String text, int at, int to) {
    if (at + 2 > to) {
      return -1;
    }
    int high = hex(text.charAt(at));
    int low = hex(text.charAt(at + 1));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static int hex(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }
}
