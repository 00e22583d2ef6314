package dev.gatehouse.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.config.HeaderEncoding;
import dev.gatehouse.config.ListFormat;
import java.util.Base64;
import java.util.Optional;

/**
 * How one text of a claim is written into a header field (TH-HDR-8), so that nothing is lost and no
 * item of a list can hold what stands between two (TH-HDR-9).
 *
 * <p>Percent-encoding leaves visible ASCII as it is, so that {@code alice@example.com}, {@code
 * CORP\alice} and {@code auth0|42} can be read without decoding, but for {@code %}, which would
 * make it ambiguous, {@code ,} and {@code ;}, at which apps split, and {@code " < >}, which apps
 * print without a thought. A space stays inside and is encoded at either end, where HTTP would drop
 * it (RFC 9110 §5.5).
 *
 * <p>The raw encodings write a text as it is. In a list, what may stand between items is
 * percent-encoded nevertheless, and {@code %} with it: an app that splits without decoding must not
 * find an item that is none.
 */
final class ClaimEncoding {
  private static final String HEX = "0123456789ABCDEF";
  private static final String ENCODED = "%,;\"<>";
  private static final String SEPARATING = "%,;\"^";

  /** Of the 75 characters of an encoded-word (RFC 2047 §2) 63 are left for base64. */
  private static final int WORD_OCTETS = 45;

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

  /** The header form of a clean text that is not empty; empty where it cannot be carried whole. */
  static Optional<String> encode(String text, HeaderEncoding encoding, ListFormat lists) {
    return switch (encoding) {
      case PERCENT -> Optional.of(percent(text, lists, true));
      case URI -> Optional.of(percent(text, lists, false));
      case RFC2047 -> Optional.of(encodedWords(text, lists));
      case BASE64URL -> Optional.of(base64Url(text));
      case LATIN1_STRICT ->
          text.chars().allMatch(c -> c <= 0xff) ? raw(text, lists) : Optional.empty();
      case UTF_8 -> raw(text, lists);
    };
  }

  static String base64Url(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private static String percent(String text, ListFormat lists, boolean spaces) {
    StringBuilder header = new StringBuilder(text.length() + 16);
    byte[] octets = text.getBytes(UTF_8);
    for (int i = 0; i < octets.length; i++) {
      int octet = octets[i] & 0xff;
      boolean innerSpace = octet == ' ' && spaces && i > 0 && i < octets.length - 1;
      boolean caret = octet == '^' && lists == ListFormat.CARET;
      boolean literal = octet > 0x20 && octet < 0x7f && ENCODED.indexOf(octet) < 0 && !caret;
      if (literal || innerSpace) {
        header.append((char) octet);
      } else {
        appendPercent(header, octet);
      }
    }
    return header.toString();
  }

  private static void appendPercent(StringBuilder header, int octet) {
    header.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
  }

  private static boolean separates(ListFormat lists) {
    return lists != ListFormat.SINGLE && lists != ListFormat.JSON;
  }

  /** HTTP drops spaces at either end, which would make two users one. */
  private static Optional<String> raw(String text, ListFormat lists) {
    if (text.startsWith(" ") || text.endsWith(" ")) {
      return Optional.empty();
    }
    if (!separates(lists)) {
      return Optional.of(text);
    }
    StringBuilder header = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      if (SEPARATING.indexOf(text.charAt(i)) < 0) {
        header.append(text.charAt(i));
      } else {
        appendPercent(header, text.charAt(i));
      }
    }
    return Optional.of(header.toString());
  }

  private static String encodedWords(String text, ListFormat lists) {
    boolean literal =
        text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
            && !text.contains("=?")
            && !text.startsWith(" ")
            && !text.endsWith(" ")
            && !(separates(lists) && text.chars().anyMatch(c -> SEPARATING.indexOf(c) >= 0));
    if (literal) {
      return text;
    }
    // RFC 2047 §5: no character is torn; what stands between two words, a space, counts for
    // nothing.
    StringBuilder words = new StringBuilder();
    int from = 0;
    int octets = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int length = Character.toString(codePoint).getBytes(UTF_8).length;
      if (octets + length > WORD_OCTETS) {
        appendWord(words, text.substring(from, i));
        from = i;
        octets = 0;
      }
      octets += length;
      i += Character.charCount(codePoint);
    }
    appendWord(words, text.substring(from));
    return words.toString();
  }

  private static void appendWord(StringBuilder words, String part) {
    words
        .append(words.isEmpty() ? "=?UTF-8?B?" : " =?UTF-8?B?")
        .append(Base64.getEncoder().encodeToString(part.getBytes(UTF_8)))
        .append("?=");
  }
}
