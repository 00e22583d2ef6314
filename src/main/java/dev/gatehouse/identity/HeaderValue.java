package dev.gatehouse.identity;

import dev.gatehouse.access.ClaimText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The value of one identity header, from one claim:
 *
 * <ul>
 *   <li>a string, encoded as {@link ClaimEncoding} says;
 *   <li>a number in plain decimal digits, a boolean as {@code true} or {@code false};
 *   <li>a list as its encoded items with a comma between; no item can hold a bare comma (TH-HDR-9);
 *   <li>nothing for an absent or empty claim (TH-HDR-11);
 *   <li>an object is unfit: name one of its members instead, as in {@code address.country}.
 * </ul>
 */
sealed interface HeaderValue {
  /** Ready to be sent. */
  record Text(String value) implements HeaderValue {}

  /** The header is left out. */
  record Absent() implements HeaderValue {}

  /**
   * No header can carry it.
   *
   * @param reason {@code claim-chars} or {@code claim-type}
   */
  record Unfit(String reason) implements HeaderValue {}

  /** The value for a JSON value; null where the claim is absent. */
  static HeaderValue of(Object claim) {
    List<?> items =
        claim instanceof List<?> list ? list : claim == null ? List.of() : List.of(claim);
    List<String> encoded = new ArrayList<>(items.size());
    for (Object item : items) {
      if (item == null) {
        continue;
      }
      Optional<String> text = ClaimText.of(item);
      if (text.isEmpty()) {
        return new Unfit("claim-type");
      }
      if (!ClaimEncoding.isClean(text.get())) {
        return new Unfit("claim-chars");
      }
      if (!text.get().isEmpty()) {
        encoded.add(ClaimEncoding.encode(text.get()));
      }
    }
    return encoded.isEmpty() ? new Absent() : new Text(String.join(",", encoded));
  }
}
