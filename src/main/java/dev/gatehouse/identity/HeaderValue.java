package dev.gatehouse.identity;

import dev.gatehouse.access.ClaimText;
import dev.gatehouse.config.HeaderEncoding;
import dev.gatehouse.config.IdentityHeader;
import dev.gatehouse.config.ListFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The value of one identity header, from one claim:
 *
 * <ul>
 *   <li>a string, encoded as {@link ClaimEncoding} says;
 *   <li>a number in plain decimal digits, a boolean as {@code true} or {@code false};
 *   <li>a list as its {@link ListFormat} says; no item can hold what separates (TH-HDR-9). One
 *       string is written as a list of one, so that a string cannot pass for a list either;
 *   <li>nothing for an absent or empty claim (TH-HDR-11);
 *   <li>an object is unfit: name one of its members instead, as in {@code address.country}.
 * </ul>
 */
sealed interface HeaderValue {
  /** Ready to be sent: one field for each value. */
  record Text(List<String> values) implements HeaderValue {
    public Text {
      values = List.copyOf(values);
    }
  }

  /** The header is left out. */
  record Absent() implements HeaderValue {}

  /**
   * No header can carry it.
   *
   * @param reason {@code claim-chars} or {@code claim-type}
   */
  record Unfit(String reason) implements HeaderValue {
    private static final Unfit CHARS = new Unfit("claim-chars");
    private static final Unfit TYPE = new Unfit("claim-type");
  }

  /**
   * The value for a JSON value; null where the claim is absent.
   *
   * @param how the encoding and the list format count
   */
  static HeaderValue of(Object claim, IdentityHeader how) {
    List<String> texts = new ArrayList<>();
    for (Object item : items(claim)) {
      if (item == null) {
        continue;
      }
      Optional<String> text = how.digits() ? digits(item) : ClaimText.of(item);
      if (text.isEmpty()) {
        return Unfit.TYPE;
      }
      if (!ClaimEncoding.isClean(text.get())) {
        return Unfit.CHARS;
      }
      if (!text.get().isEmpty()) {
        texts.add(text.get());
      }
    }
    if (texts.isEmpty()) {
      return new Absent();
    }
    if (how.lists() == ListFormat.SINGLE && texts.size() > 1) {
      return Unfit.TYPE;
    }
    return how.lists() == ListFormat.JSON && isArray(claim, texts)
        ? new Text(List.of(array(texts, how.encoding())))
        : encoded(texts, how);
  }

  private static List<?> items(Object claim) {
    return claim instanceof List<?> list ? list : claim == null ? List.of() : List.of(claim);
  }

  private static Optional<String> digits(Object item) {
    return item instanceof Boolean yes ? Optional.of(yes ? "1" : "0") : ClaimText.of(item);
  }

  /** A string that an app could read as an array becomes an array of that string. */
  private static boolean isArray(Object claim, List<String> texts) {
    return claim instanceof List<?> || texts.get(0).strip().startsWith("[");
  }

  private static String array(List<String> texts, HeaderEncoding encoding) {
    String json = JsonText.array(texts);
    return encoding == HeaderEncoding.BASE64URL ? ClaimEncoding.base64Url(json) : json;
  }

  private static HeaderValue encoded(List<String> texts, IdentityHeader how) {
    List<String> encoded = new ArrayList<>(texts.size());
    for (String text : texts) {
      Optional<String> item = ClaimEncoding.encode(text, how.encoding(), how.lists());
      if (item.isEmpty()) {
        return Unfit.CHARS;
      }
      encoded.add(item.get());
    }
    return new Text(
        switch (how.lists()) {
          case REPEAT -> encoded;
          case QUOTED -> List.of('"' + String.join("\",\"", encoded) + '"');
          case CARET -> List.of(String.join("^", encoded));
          case COMMA, JSON, SINGLE -> List.of(String.join(",", encoded));
        });
  }
}
