package dev.gatehouse.gate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;

/**
 * A path-absolute reference (RFC 3986 §4.2) that somebody chose, taken apart.
 *
 * @param path without dot segments
 * @param query empty, or with its question mark
 */
record ReturnReference(String path, String query) {
  private static final String HEX = "0123456789ABCDEF";

  /**
   * Reads {@code reference}, which is visible ASCII without a backslash and begins with a slash. A
   * fragment is dropped. Empty when it breaks TH-REDIR-2.
   */
  static Optional<ReturnReference> read(String reference) {
    int hash = reference.indexOf('#');
    String withoutFragment = hash < 0 ? reference : reference.substring(0, hash);
    int mark = withoutFragment.indexOf('?');
    String rawPath = mark < 0 ? withoutFragment : withoutFragment.substring(0, mark);
    String rawQuery = mark < 0 ? "" : withoutFragment.substring(mark);
    if (rawPath.startsWith("//") || rawPath.indexOf(';') >= 0 || hasForbiddenEscape(rawPath)) {
      return Optional.empty();
    }
    String path = withoutDotSegments(rawPath);
    return path.startsWith("//")
        ? Optional.empty()
        : Optional.of(new ReturnReference(path, mended(rawQuery)));
  }

  private static boolean hasForbiddenEscape(String path) {
    for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
      int octet = PathCharacters.octet(path, i + 1, path.length());
      if (octet < 0 || octet == '%' || PathCharacters.isForbiddenEscaped(octet)) {
        return true;
      }
    }
    return false;
  }

  /** RFC 3986 §5.2.4, with {@code %2e} read as a dot, as browsers do. Keeps empty segments. */
  private static String withoutDotSegments(String path) {
    Deque<String> segments = new ArrayDeque<>();
    String[] parts = path.substring(1).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      String plain = parts[i].toLowerCase(Locale.ROOT).replace("%2e", ".");
      boolean last = i == parts.length - 1;
      if (plain.equals("..")) {
        segments.pollLast();
      } else if (!plain.equals(".")) {
        segments.addLast(parts[i]);
        continue;
      }
      if (last) {
        segments.addLast("");
      }
    }
    StringBuilder result = new StringBuilder(path.length());
    for (Iterator<String> each = segments.iterator(); each.hasNext(); ) {
      result.append('/').append(each.next());
    }
    return result.isEmpty() ? "/" : result.toString();
  }

  /** Escapes what RFC 3986 §3.4 does not allow in a query and browsers leave as it is. */
  private static String mended(String query) {
    StringBuilder result = new StringBuilder(query.length());
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      boolean lonePercent = c == '%' && PathCharacters.octet(query, i + 1, query.length()) < 0;
      if (lonePercent || "\"<>[]^`{|}".indexOf(c) >= 0) {
        result.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      } else {
        result.append(c);
      }
    }
    return result.toString();
  }
}
