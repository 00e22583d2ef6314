package dev.gatehouse.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * How a claim is written into a header field: percent-encoded UTF-8 (RFC 3986 §2.1), so that any
 * percent-decoder gives the claim back (TH-HDR-8).
 *
 * <p>Visible ASCII stays as it is, so that {@code alice@example.com}, {@code CORP\alice} and {@code
 * auth0|42} can be read without decoding, but for {@code %}, which would make it ambiguous, {@code
 * ,} and {@code ;}, at which apps split, and {@code " < >}, which apps print without a thought. A
 * space stays inside and is encoded at either end, where HTTP would drop it (RFC 9110 §5.5).
 */
final class ClaimEncoding {
  private static final String HEX = "0123456789ABCDEF";
  private static final String ENCODED = "%,;\"<>";

  private ClaimEncoding() {}

  /**
   * Whether {@code text} can be told to an app: it has no control character, C1 included, and is
   * well-formed UTF-16 (TH-HDR-7).
   */
  static boolean isClean(String text) {
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (Character.isISOControl(codePoint) || codePoint >= 0xd800 && codePoint <= 0xdfff) {
        return false;
      }
      i += Character.charCount(codePoint);
    }
    return true;
  }

  /** The header form of a clean text. */
  static String encode(String text) {
    StringBuilder header = new StringBuilder(text.length() + 16);
    byte[] octets = text.getBytes(UTF_8);
    for (int i = 0; i < octets.length; i++) {
      int octet = octets[i] & 0xff;
      boolean innerSpace = octet == ' ' && i > 0 && i < octets.length - 1;
      boolean literal = octet > 0x20 && octet < 0x7f && ENCODED.indexOf(octet) < 0;
      if (literal || innerSpace) {
        header.append((char) octet);
      } else {
        header.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
      }
    }
    return header.toString();
  }
}
