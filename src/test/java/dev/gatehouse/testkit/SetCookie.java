package dev.gatehouse.testkit;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One Set-Cookie field (RFC 6265 §5.2).
 *
 * @param attributes by lower-case name; empty text for those without a value
 */
public record SetCookie(String name, String value, Map<String, String> attributes) {
  static SetCookie parse(String field) {
    String[] parts = field.split(";");
    String[] pair = parts[0].split("=", 2);
    Map<String, String> attributes = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      String[] attribute = parts[i].strip().split("=", 2);
      attributes.put(
          attribute[0].toLowerCase(Locale.ROOT), attribute.length > 1 ? attribute[1].strip() : "");
    }
    return new SetCookie(pair[0].strip(), pair.length > 1 ? pair[1].strip() : "", attributes);
  }

  /** Whether a browser drops the cookie on reading this. */
  public boolean deletes() {
    String maxAge = attributes.get("max-age");
    return maxAge != null && Long.parseLong(maxAge) <= 0;
  }

  /** An attribute's value; null where it is absent. */
  public String attribute(String name) {
    return attributes.get(name.toLowerCase(Locale.ROOT));
  }
}
