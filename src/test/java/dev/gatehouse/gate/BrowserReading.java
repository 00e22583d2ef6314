package dev.gatehouse.gate;

import java.util.Locale;

/**
 * Which origin a browser goes to for a {@code Location}: the parts of the WHATWG URL parser that
 * attacks live on. White space and controls at the ends are dropped, tabs and line ends anywhere; a
 * backslash is a slash; any number of slashes begins an authority; what is before the last
 * {@code @} of it is no host.
 */
final class BrowserReading {
  private BrowserReading() {}

  /** Scheme and authority of {@code location}, read on a page of {@code origin}. */
  static String origin(String location, String origin) {
    String text = trimmed(location).replaceAll("[\t\n\r]", "");
    String scheme = scheme(text);
    String own = origin.substring(0, origin.indexOf(':'));
    if (scheme.isEmpty()) {
      return text.matches("[/\\\\]{2}.*") ? own + "://" + authority(text) : origin;
    }
    String rest = text.substring(scheme.length() + 1);
    if (!scheme.matches("https?|wss?|ftp")) {
      return scheme + ":";
    }
    boolean relative = scheme.equals(own) && !rest.matches("[/\\\\].*");
    return relative ? origin : scheme + "://" + authority(rest);
  }

  private static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && text.charAt(from) <= ' ') {
      from++;
    }
    while (to > from && text.charAt(to - 1) <= ' ') {
      to--;
    }
    return text.substring(from, to);
  }

  private static String scheme(String text) {
    int colon = text.indexOf(':');
    boolean scheme = colon > 0 && text.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*");
    return scheme ? text.substring(0, colon).toLowerCase(Locale.ROOT) : "";
  }

  private static String authority(String afterScheme) {
    String authority = afterScheme.replaceFirst("^[/\\\\]+", "").split("[/\\\\?#]", 2)[0];
    return authority
        .substring(authority.lastIndexOf('@') + 1)
        .toLowerCase(Locale.ROOT)
        .replaceFirst(":443$", "");
  }
}
