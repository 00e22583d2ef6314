package dev.gatehouse.hygiene;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Takes tokens out of Referer before the app and the log see it (TH-LEAK-11). A page whose URL
 * holds one loses its whole query; so does every page of the gateway's own, where a code and a
 * state may stand. User name, password and fragment have no place there at all (RFC 9110 §10.1.3).
 * Immutable, safe for concurrent use.
 */
public final class RefererCleaner {
  private static final String OWN_PATHS = "/gatehouse/";

  private final TokenScanner scanner;

  /** A cleaner that looks for what {@code scanner} finds. */
  public RefererCleaner(TokenScanner scanner) {
    this.scanner = Objects.requireNonNull(scanner, "scanner");
  }

  /**
   * What may be passed on of a Referer value.
   *
   * @return {@code value} itself where nothing is wrong with it, without any allocation then; null
   *     where nothing can be passed on
   */
  public String clean(String value) {
    int end = indexOfAny(value, "?#", 0);
    int authority = value.indexOf("://");
    int path = authority < 0 ? 0 : indexOfAny(value, "/\\?#", authority + 3);
    if (hasUserinfo(value, authority, path)) {
      // Where a URL's parts are in doubt, so is what may be shown of them.
      return cleanWithoutUserinfo(value, authority, path);
    }
    if (!scanner.findInPath(value, 0, end).hits().isEmpty()) {
      return origin(value, authority, path);
    }
    if (end == value.length()) {
      return value;
    }
    boolean query = value.charAt(end) == '?';
    int hash = value.indexOf('#', end);
    boolean cut =
        query
                && (isOwnPage(value, end)
                    || !scanner.find(value, end + 1, value.length(), List.of()).isEmpty())
            || !query && hash >= 0;
    if (cut) {
      return value.substring(0, end);
    }
    return hash < 0 ? value : value.substring(0, hash);
  }

  /** The tokens in a Referer value, for a report. */
  public List<TokenHit> find(String value) {
    int mark = value.indexOf('?');
    return mark < 0 ? List.of() : scanner.find(value, mark + 1, value.length(), List.of());
  }

  /** The host of a Referer value in lower case, without the port; empty where there is none. */
  public static String host(String value) {
    int authority = value == null ? -1 : value.indexOf("://");
    if (authority < 0) {
      return "";
    }
    int end = indexOfAny(value, "/\\?#", authority + 3);
    int from = Math.max(authority + 3, value.lastIndexOf('@', end - 1) + 1);
    int colon = value.indexOf(':', value.startsWith("[", from) ? value.indexOf(']', from) : from);
    int to = colon >= 0 && colon < end ? colon : end;
    String host = value.substring(Math.min(from, to), to);
    boolean sound =
        host.length() <= 253
            && host.chars()
                .allMatch(
                    c -> c < 128 && (Character.isLetterOrDigit(c) || ".-:[]_".indexOf(c) >= 0));
    return sound ? host.toLowerCase(Locale.ROOT) : "";
  }

  private String cleanWithoutUserinfo(String value, int authority, int path) {
    int at = value.lastIndexOf('@', path - 1);
    return clean(value.substring(0, authority + 3) + value.substring(at + 1));
  }

  private static boolean hasUserinfo(String value, int authority, int path) {
    if (authority < 0) {
      return false;
    }
    int at = value.indexOf('@', authority + 3);
    return at >= 0 && at < path;
  }

  private static boolean isOwnPage(String value, int end) {
    for (int at = value.indexOf('/'); at >= 0 && at < end; at = value.indexOf('/', at + 1)) {
      if (value.regionMatches(true, at, OWN_PATHS, 0, OWN_PATHS.length())) {
        return true;
      }
    }
    return false;
  }

  /** What is left of a URL with a token in its path; nothing where its host is none. */
  private String origin(String value, int authority, int path) {
    return authority < 0 || !scanner.findInPath(value, 0, path).hits().isEmpty()
        ? null
        : value.substring(0, path) + "/";
  }

  private static int indexOfAny(String text, String characters, int from) {
    for (int i = from; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }
}
