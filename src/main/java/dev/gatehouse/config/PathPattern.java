package dev.gatehouse.config;

import dev.gatehouse.config.Node.Scalar;
import java.util.regex.Pattern;

/**
 * Judges patterns that are matched against canonical paths: decoded, no empty or dot segments, no
 * path parameters. One that no such path can match would silently protect nothing.
 */
final class PathPattern {
  private static final Pattern RESERVED = Pattern.compile("/gatehouse(?:/.*)?");
  private static final Pattern NOT_CANONICAL =
      Pattern.compile(".*(?://|[;?#\\\\]|%[0-9A-Fa-f]{2}|/\\.{1,2}(?:/|$)|\\p{Cntrl}).*");
  private static final Pattern WILDCARDS = Pattern.compile("(?:/(?:\\*|[^*/]*))*(?:/\\*\\*)?");

  private PathPattern() {}

  /** Refuses {@code pattern} at {@code key} if it could not mean what is written. */
  static void check(Values values, String key, Scalar pattern) {
    String text = pattern.text();
    if (!values.isSound(key)) {
      return;
    }
    if (!text.startsWith("/")) {
      values.error("path-pattern", key, "is " + pattern.shown() + "; begin with /");
    } else if (RESERVED.matcher(text).matches()) {
      values.error(
          "reserved-prefix", key, "lies below /gatehouse/, which the gateway serves; remove it");
    } else if (NOT_CANONICAL.matcher(text).matches()) {
      values.error(
          "path-pattern",
          key,
          "is "
              + pattern.shown()
              + ", which no canonical path is: write it decoded, without //, dot segments, ; ? # \\");
    } else if (!WILDCARDS.matcher(text).matches()) {
      values.error(
          "path-pattern",
          key,
          "is " + pattern.shown() + "; * stands for a whole segment, ** only at the end");
    }
  }
}
