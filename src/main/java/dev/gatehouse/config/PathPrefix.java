package dev.gatehouse.config;

/**
 * The same tree of paths as it is called in public and at the app. Works on whole segments: what is
 * replaced is counted, not compared, so that escapes and letter case make no difference and the
 * path that was judged is the path that goes on (TH-PATH-1). Immutable.
 */
public final class PathPrefix {
  private final String publicPrefix;
  private final String appPrefix;
  private final int segments;

  /**
   * @param publicPrefix with the base path and without a slash at its end; empty for the root
   * @param appPrefix the same at the app
   */
  public PathPrefix(String publicPrefix, String appPrefix) {
    this.publicPrefix = publicPrefix;
    this.appPrefix = appPrefix;
    this.segments = (int) publicPrefix.chars().filter(c -> c == '/').count();
  }

  /**
   * The path at the app.
   *
   * @param forwarded below the public prefix, without dot segments and empty segments
   */
  public String toApp(String forwarded) {
    if (!forwarded.startsWith("/")) {
      return forwarded; // OPTIONS *
    }
    int rest = 0;
    for (int i = 0; i < segments; i++) {
      rest = end(forwarded, rest + 1);
    }
    if (appPrefix.isEmpty() && (rest == forwarded.length() || forwarded.charAt(rest) != '/')) {
      return "/"; // TH-PATH-4: a session id on no segment would be an empty one
    }
    return appPrefix + forwarded.substring(rest);
  }

  /**
   * Whether {@code forwarded}, a public path of a client's choice, begins with the public prefix.
   */
  public boolean holds(String forwarded) {
    return forwarded.startsWith(publicPrefix + "/");
  }

  private static int end(String path, int from) {
    for (int i = Math.min(from, path.length()); i < path.length(); i++) {
      if (path.charAt(i) == '/' || path.charAt(i) == ';') {
        return i;
      }
    }
    return path.length();
  }

  /**
   * The public path of {@code path} at the app, which begins with a slash; what follows it, a query
   * say, stays. Null where it lies elsewhere at the app.
   */
  public String toPublic(String path) {
    if (!path.startsWith(appPrefix)) {
      return null;
    }
    String rest = path.substring(appPrefix.length());
    if (!rest.isEmpty() && "/?#;".indexOf(rest.charAt(0)) < 0) {
      return null;
    }
    String mapped = publicPrefix + rest;
    return mapped.startsWith("/") ? mapped : "/" + mapped;
  }

  /** The public path of the app's cookies with that path, which may be above what is public. */
  public String cookiePath(String path) {
    String whole = publicPrefix.isEmpty() ? "/" : publicPrefix;
    if (path.equals("/")) {
      return whole;
    }
    String mapped = toPublic(path);
    if (mapped != null) {
      return mapped;
    }
    return appPrefix.startsWith(path.endsWith("/") ? path : path + "/") ? whole : path;
  }
}
