package dev.gatehouse.identity;

import java.util.Collection;

/**
 * A set of header field names, and of beginnings of names, in which all spellings that an app might
 * fold together are one: letter case counts for nothing and every character other than a letter or
 * digit is a dash, as CGI, WSGI, PHP and Rack make one variable of {@code X-User}, {@code x_user}
 * and {@code X.User}. Open addressing; immutable, safe for concurrent use.
 */
public final class FieldNames {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private final String[] wholes;
  private final String[] beginnings;

  /**
   * A set of those names.
   *
   * @param wholes folded or not
   * @param beginnings each ends in a dash
   */
  public FieldNames(Collection<String> wholes, Collection<String> beginnings) {
    this.wholes = table(wholes);
    this.beginnings = table(beginnings);
  }

  /**
   * Whether {@code name} is in the set. Spaces and tabs around it are no part of it. Allocates
   * nothing.
   */
  public boolean contains(String name) {
    int from = 0;
    int to = name.length();
    while (from < to && isBlank(name.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(name.charAt(to - 1))) {
      to--;
    }
    int hash = 0;
    for (int i = from; i < to; i++) {
      char folded = fold(name.charAt(i));
      hash = next(hash, folded);
      if (folded == '-' && isIn(beginnings, hash, name, from, i + 1)) {
        return true;
      }
    }
    return isIn(wholes, hash, name, from, to);
  }

  /** Whether a field may be called so (RFC 9110 §5.1). Allocates nothing. */
  public static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letterOrDigit = fold(c) != '-';
      if (!letterOrDigit && (c >= 0x80 || TOKEN_MARKS.indexOf(c) < 0)) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /** A letter in lower case, a digit as it is, anything else as a dash. */
  static char fold(char c) {
    if (c >= 'A' && c <= 'Z') {
      return (char) (c + ('a' - 'A'));
    }
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' ? c : '-';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static int next(int hash, char folded) {
    return 31 * hash + folded;
  }

  private static int slot(int hash, int size) {
    return (hash ^ hash >>> 16) & (size - 1);
  }

  private static boolean isIn(String[] table, int hash, String name, int from, int to) {
    for (int slot = slot(hash, table.length);
        table[slot] != null;
        slot = (slot + 1) & (table.length - 1)) {
      if (isFolded(table[slot], name, from, to)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isFolded(String folded, String name, int from, int to) {
    if (folded.length() != to - from) {
      return false;
    }
    for (int i = 0; i < folded.length(); i++) {
      if (folded.charAt(i) != fold(name.charAt(from + i))) {
        return false;
      }
    }
    return true;
  }

  private static String[] table(Collection<String> names) {
    // A power of two, at most a quarter full: nearly every miss ends at the first look.
    String[] table = new String[Integer.highestOneBit(Math.max(1, names.size())) * 8];
    for (String name : names) {
      StringBuilder folded = new StringBuilder(name.length());
      int hash = 0;
      for (int i = 0; i < name.length(); i++) {
        folded.append(fold(name.charAt(i)));
        hash = next(hash, fold(name.charAt(i)));
      }
      int slot = slot(hash, table.length);
      while (table[slot] != null) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = folded.toString();
    }
    return table;
  }
}
