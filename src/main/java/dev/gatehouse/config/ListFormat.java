package dev.gatehouse.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How the items of a list become header fields; no item can hold what stands between two. */
public enum ListFormat {
  /** One field, {@code a,b}. */
  COMMA,
  /** A field for each item, all of one name. */
  REPEAT,
  /** One field, a JSON array of strings in ASCII (RFC 8259). */
  JSON,
  /** One field, {@code "a","b"}, as WebSEAL writes {@code iv-groups}. */
  QUOTED,
  /** One field, {@code a^b}, as SiteMinder writes groups. */
  CARET,
  /** No list: a claim with more than one item is refused. */
  SINGLE;

  /** As the configuration spells it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the configuration may say. */
  static List<String> words() {
    return Stream.of(values()).map(ListFormat::word).toList();
  }

  /** The one that the configuration spells so, which has been checked. */
  static ListFormat of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
