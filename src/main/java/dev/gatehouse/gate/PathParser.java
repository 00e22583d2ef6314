package dev.gatehouse.gate;

import dev.gatehouse.gate.RequestPath.Parsed;
import java.util.Optional;

/**
 * Reads raw paths for {@link RequestPath}. The rules of threats.md §12 by number:
 *
 * <ul>
 *   <li>1: canonical and forwarded form are made in one pass from the same characters.
 *   <li>2, 3, 5, 10: {@link PathDecoder}.
 *   <li>4: one {@code ;jsessionid=VALUE} at the very end is taken off; any other {@code ;} is
 *       refused, {@code %3b} too, since some servers decode before they look for parameters.
 *   <li>6, 7, 8: {@link dev.gatehouse.access.AccessRules}.
 *   <li>9: {@link #mapsTo}.
 * </ul>
 */
final class PathParser {
  private static final String SESSION_ID = ";jsessionid=";
  private static final Parsed ASTERISK = new Parsed.Ok(new RequestPath("*", "*", false));

  private PathParser() {}

  static Parsed parse(String rawPath, String basePath, Optional<String> mappedPath) {
    if (rawPath == null || rawPath.isEmpty() || rawPath.charAt(0) != '/') {
      // RFC 9112 §3.2.4: asterisk-form has no path, so no rule for paths may open it.
      return "*".equals(rawPath) ? ASTERISK : new Parsed.Refused("not-a-path");
    }
    Parsed parsed =
        isPlain(rawPath)
            ? belowBase(rawPath, rawPath, basePath, false)
            : parseSlowly(rawPath, basePath);
    if (parsed instanceof Parsed.Ok ok
        && mappedPath.isPresent()
        && !mapsTo(mappedPath.get(), ok.path().canonical())) {
      return new Parsed.Refused("mapping-mismatch");
    }
    return parsed;
  }

  /** Whether raw, canonical and forwarded form are the same string: nearly always. */
  private static boolean isPlain(String path) {
    int last = path.length() - 1;
    for (int i = 0; i <= last; i++) {
      char c = path.charAt(i);
      if (!PathCharacters.isPlain(c)) {
        return false;
      }
      if (c == '/' && i < last) {
        char next = path.charAt(i + 1);
        if (next == '/' || next == '.') {
          return false;
        }
      }
    }
    return true;
  }

  private static Parsed parseSlowly(String rawPath, String basePath) {
    int end = rawPath.length();
    int semicolon = rawPath.indexOf(';');
    if (semicolon >= 0) {
      if (!isSessionIdAtEnd(rawPath, semicolon)) {
        return new Parsed.Refused("path-parameter");
      }
      end = semicolon;
    }
    PathDecoder decoder = new PathDecoder(rawPath, end);
    String refusal = decoder.decode();
    if (refusal != null) {
      return new Parsed.Refused(refusal);
    }
    return belowBase(decoder.canonical(), decoder.forwarded(), basePath, semicolon >= 0);
  }

  /** Exactly the spelling of Servlet 6.0 §7.1.3, on a segment that is not empty. */
  private static boolean isSessionIdAtEnd(String path, int semicolon) {
    int value = semicolon + SESSION_ID.length();
    if (path.charAt(semicolon - 1) == '/'
        || !path.startsWith(SESSION_ID, semicolon)
        || value == path.length()) {
      return false;
    }
    for (int i = value; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '/' || !PathCharacters.isPlain(c)) {
        return false;
      }
    }
    return true;
  }

  private static Parsed belowBase(
      String canonical, String forwarded, String basePath, boolean sessionIdInUrl) {
    if (basePath.isEmpty()) {
      return new Parsed.Ok(new RequestPath(canonical, forwarded, sessionIdInUrl));
    }
    String base = basePath.indexOf('%') < 0 ? basePath : decoded(basePath);
    if (!canonical.startsWith(base)) {
      return new Parsed.Refused("outside-base-path");
    }
    if (canonical.length() == base.length()) {
      // "/shop" is the app's root as much as "/shop/" is; which one the app likes is its affair.
      return new Parsed.Ok(new RequestPath("/", forwarded, sessionIdInUrl));
    }
    if (canonical.charAt(base.length()) != '/') {
      return new Parsed.Refused("outside-base-path");
    }
    return new Parsed.Ok(
        new RequestPath(canonical.substring(base.length()), forwarded, sessionIdInUrl));
  }

  private static String decoded(String basePath) {
    PathDecoder decoder = new PathDecoder(basePath, basePath.length());
    return decoder.decode() == null ? decoder.canonical() : basePath;
  }

  /**
   * Whether a container that mapped to {@code mapped} read the same path as we did. For a directory
   * Tomcat maps to the welcome file already before the filters run: {@code /} to {@code
   * /index.jsp}. A canonical path that ends in a slash has no other reading, so that is let pass.
   */
  private static boolean mapsTo(String mapped, String canonical) {
    return mapped.equals(canonical)
        || (canonical.endsWith("/") && mapped.startsWith(canonical))
        || (mapped.isEmpty() && canonical.equals("/"));
  }
}
