package dev.gatehouse.access;

/** Whether an app tells {@code /Admin} from {@code /admin} (RFC 3986 §6.2.2.1). */
public enum LetterCase {
  /** It may: a rule that opens holds for the very letters. The safe one where nothing is known. */
  EXACT,
  /** It does not: rules hold for each spelling, also those that open (ASCII letters only). */
  FOLDED;

  /** Whether the beginning of {@code text} stands in {@code path} there. Allocates nothing. */
  boolean isAt(String text, int length, String path, int from) {
    if (this == EXACT) {
      return path.regionMatches(from, text, 0, length);
    }
    if (path.length() - from < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (lower(text.charAt(i)) != lower(path.charAt(from + i))) {
        return false;
      }
    }
    return true;
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
  }
}
