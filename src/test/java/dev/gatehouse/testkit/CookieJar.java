package dev.gatehouse.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What a browser keeps for one origin, with the rules of draft 6265bis that matter here. */
final class CookieJar {
  private final Map<String, SetCookie> cookies = new LinkedHashMap<>();
  private final boolean secureOrigin;

  CookieJar(boolean secureOrigin) {
    this.secureOrigin = secureOrigin;
  }

  CookieJar copy() {
    CookieJar copy = new CookieJar(secureOrigin);
    copy.cookies.putAll(cookies);
    return copy;
  }

  /** Takes what a browser would take; the rest is dropped as a browser drops it. */
  void take(SetCookie cookie) {
    if (cookie.attribute("secure") != null && !secureOrigin) {
      return;
    }
    if (cookie.name().startsWith("__Host-") && !hostBound(cookie)) {
      return;
    }
    if (cookie.deletes()) {
      cookies.remove(cookie.name());
    } else {
      cookies.put(cookie.name(), cookie);
    }
  }

  /** §4.1.3.2: Secure, no Domain, Path=/. */
  private static boolean hostBound(SetCookie cookie) {
    return cookie.attribute("secure") != null
        && cookie.attribute("domain") == null
        && "/".equals(cookie.attribute("path"));
  }

  void put(String name, String value) {
    cookies.put(name, new SetCookie(name, value, Map.of("path", "/")));
  }

  void drop(String name) {
    cookies.remove(name);
  }

  Map<String, String> values() {
    return cookies.values().stream()
        .collect(
            Collectors.toMap(SetCookie::name, SetCookie::value, (a, b) -> b, LinkedHashMap::new));
  }

  /** The Cookie field for that request; empty for none. */
  String field(Ask ask, String path) {
    return cookies.values().stream()
        .filter(cookie -> covers(cookie, path) && travels(cookie, ask))
        .map(cookie -> cookie.name() + "=" + cookie.value())
        .collect(Collectors.joining("; "));
  }

  /** RFC 6265 §5.1.4. */
  private static boolean covers(SetCookie cookie, String path) {
    String scope = cookie.attribute("path") == null ? "/" : cookie.attribute("path");
    return path.equals(scope) || path.startsWith(scope.endsWith("/") ? scope : scope + "/");
  }

  /** Draft 6265bis §5.6.7.2: Lax cookies travel cross-site with top-level safe requests only. */
  private static boolean travels(SetCookie cookie, Ask ask) {
    String sameSite = cookie.attribute("samesite");
    if (sameSite == null || !ask.site().equals("cross-site")) {
      return true;
    }
    boolean topLevel =
        ask.kind() == Ask.Kind.NAVIGATION
            && (ask.method().equals("GET") || ask.method().equals("HEAD"));
    return switch (sameSite) {
      case "Lax" -> topLevel;
      case "Strict" -> false;
      default -> true;
    };
  }
}
