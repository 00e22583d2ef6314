package dev.gatehouse.proxy;

import dev.gatehouse.config.PathPrefix;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Turns references of the app (RFC 3986 §4) into public ones: its own origin becomes the public
 * one, and its prefix the public one. What leads elsewhere stays byte for byte. Immutable; throws
 * for nothing that an app sends.
 */
final class AppReferences {
  private final AppOrigins origins;
  private final PathPrefix prefix;

  /**
   * @param prefix null where paths are the same
   */
  AppReferences(AppOrigins origins, PathPrefix prefix) {
    this.origins = origins;
    this.prefix = prefix;
  }

  /**
   * The reference for the browser.
   *
   * @param appPath of the request at the app, against which relative references are meant
   */
  String rewrite(String reference, String appPath) {
    int path = origins.pathAfterOrigin(reference);
    if (path >= 0) {
      return origins.publicOrigin() + mapped(reference.substring(path));
    }
    if (prefix == null || reference.isEmpty()) {
      return reference;
    }
    char first = reference.charAt(0);
    if (first == '/') {
      return second(reference) == '/' || second(reference) == '\\'
          ? reference
          : safely(reference, mapped(reference));
    }
    if (first == '?' || first == '#' || hasScheme(reference) || !climbs(reference)) {
      return reference;
    }
    int end = pathEnd(reference);
    String base = appPath.substring(0, appPath.lastIndexOf('/') + 1);
    return safely(
        reference,
        mapped(withoutDots(base + reference.substring(0, end)) + reference.substring(end)));
  }

  private String mapped(String pathAndRest) {
    if (prefix == null) {
      return pathAndRest;
    }
    if (!pathAndRest.startsWith("/")) {
      return rooted(pathAndRest);
    }
    int end = pathEnd(pathAndRest);
    String path = pathAndRest.substring(0, end);
    String plain = climbs(path) ? withoutDots(path) : path;
    String found = prefix.toPublic(plain);
    return found == null ? pathAndRest : found + pathAndRest.substring(end);
  }

  /** A query or fragment right behind the origin belongs to the app's root. */
  private String rooted(String rest) {
    String found = prefix.toPublic("/");
    return found == null ? rest : found + rest;
  }

  /** A path that a browser could take for another host gets the public origin before it. */
  private String safely(String original, String path) {
    if (path.equals(original)) {
      return original;
    }
    char second = second(path);
    boolean plain = second == 0 || second > 0x20 && second != '/' && second != '\\';
    return plain ? path : origins.publicOrigin() + path;
  }

  private static char second(String text) {
    return text.length() > 1 ? text.charAt(1) : 0;
  }

  private static boolean hasScheme(String reference) {
    int colon = reference.indexOf(':');
    return colon >= 0 && colon < pathEnd(reference) && reference.lastIndexOf('/', colon) < 0;
  }

  private static int pathEnd(String reference) {
    for (int i = 0; i < reference.length(); i++) {
      char c = reference.charAt(i);
      if (c == '?' || c == '#') {
        return i;
      }
    }
    return reference.length();
  }

  /** Whether a segment before the query is a double dot. */
  private static boolean climbs(String reference) {
    int end = pathEnd(reference);
    for (int from = 0; from <= end; ) {
      int slash = reference.indexOf('/', from);
      int to = slash < 0 || slash > end ? end : slash;
      if (isDots(reference, from, to, 2)) {
        return true;
      }
      from = to + 1;
    }
    return false;
  }

  /** Whether the segment is that many dots, one or two, as browsers read it: {@code %2e} too. */
  private static boolean isDots(String path, int from, int to, int dots) {
    int found = 0;
    int at = from;
    while (at < to) {
      if (path.charAt(at) == '.') {
        at++;
      } else if (path.regionMatches(true, at, "%2e", 0, 3)) {
        at += 3;
      } else {
        return false;
      }
      found++;
    }
    return found == dots && at == to;
  }

  /** RFC 3986 §5.2.4, for a path that begins with a slash. */
  private static String withoutDots(String path) {
    Deque<String> kept = new ArrayDeque<>();
    int from = 1;
    boolean open = false;
    while (from <= path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      boolean up = isDots(path, from, to, 2);
      open = up || isDots(path, from, to, 1);
      if (up) {
        kept.pollLast();
      } else if (!open) {
        kept.addLast(path.substring(from, to));
      }
      from = to + 1;
    }
    String joined = "/" + String.join("/", kept);
    return open && !kept.isEmpty() ? joined + "/" : joined;
  }
}
