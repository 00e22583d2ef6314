package dev.gatehouse.access;

import java.text.Normalizer;

/**
 * Whether a reader could take one text for another: they differ by nothing but letter case, white
 * space around them, invisible characters, or another way of writing the same characters, such as
 * an accent of its own or fullwidth letters (Unicode Standard Annex 15).
 */
final class Resemblance {
  private Resemblance() {}

  /** Whether the two look the same. Allocates nothing where both are ASCII without white space. */
  static boolean between(String one, String other) {
    return bare(one).equalsIgnoreCase(bare(other));
  }

  private static String bare(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) >= 0x7f) {
        return visible(Normalizer.normalize(text, Normalizer.Form.NFKC)).strip();
      }
    }
    return text.strip();
  }

  private static String visible(String text) {
    return text.codePoints()
        .filter(c -> Character.getType(c) != Character.FORMAT && !Character.isISOControl(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
