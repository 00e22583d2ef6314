package dev.gatehouse.config;

import dev.gatehouse.access.AccessRules;
import dev.gatehouse.config.Node.Scalar;
import java.util.regex.Pattern;

/** Judges path patterns: one that no canonical path can match would silently protect nothing. */
final class RulePath {
  private static final Pattern RESERVED = Pattern.compile("(?i)/gatehouse(?:/.*)?");

  private RulePath() {}

  /** Refuses {@code pattern} at {@code key} if it could not mean what is written (TH-CFG-14). */
  static void check(Values values, String key, Scalar pattern) {
    String text = pattern.text();
    if (!values.isSound(key)) {
      return;
    }
    if (RESERVED.matcher(text).matches()) {
      values.error(
          "reserved-prefix", key, "lies below /gatehouse/, which the gateway serves; remove it");
    } else {
      AccessRules.problemWith(text)
          .ifPresent(
              problem ->
                  values.error("path-pattern", key, "is " + pattern.shown() + " and " + problem));
    }
  }
}
