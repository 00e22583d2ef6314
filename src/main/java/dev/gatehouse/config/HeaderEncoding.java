package dev.gatehouse.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How the text of a claim is written into a header field; each can be undone without loss. */
public enum HeaderEncoding {
  /** UTF-8, of which all is percent-encoded that is no plain ASCII (RFC 3986 §2.1). */
  PERCENT,
  /** The same with each space as {@code %20}, as WebSEAL's {@code utf8_uri}. */
  URI,
  /** Plain ASCII as it is, all else as encoded-words in UTF-8 (RFC 2047 §2). */
  RFC2047,
  /** Base64url of the UTF-8 octets without padding (RFC 4648 §5), always. */
  BASE64URL,
  /** The octets of ISO-8859-1; a claim with any other character is refused. */
  LATIN1_STRICT,
  /** The octets of UTF-8 as they are. */
  UTF_8;

  /** As the configuration spells it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What the configuration may say. */
  static List<String> words() {
    return Stream.of(values()).map(HeaderEncoding::word).toList();
  }

  /** The one that the configuration spells so, which has been checked. */
  static HeaderEncoding of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
