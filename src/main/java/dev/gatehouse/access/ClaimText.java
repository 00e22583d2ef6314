package dev.gatehouse.access;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/** The one text of a JSON string, number or boolean, in which it is compared and sent. */
public final class ClaimText {
  /** More digits than any number needs that names a user; also bounds what 1e999999999 costs. */
  private static final int MAX_DIGITS = 64;

  // Up to here a double holds every whole number exactly (RFC 8259 §6).
  private static final double EXACT_WHOLE_NUMBERS = 9007199254740991d;

  private ClaimText() {}

  /**
   * The text of {@code value}: a string as it is, a boolean as {@code true} or {@code false}, a
   * number in plain decimal digits. Empty for objects, lists, null, and for numbers of which it is
   * not certain that no digit got lost: two users must not become one.
   */
  public static Optional<String> of(Object value) {
    if (value instanceof String text) {
      return Optional.of(text);
    }
    if (value instanceof Boolean) {
      return Optional.of(value.toString());
    }
    return value instanceof Number number ? decimal(number) : Optional.empty();
  }

  private static Optional<String> decimal(Number number) {
    if (number instanceof Integer || number instanceof Long || number instanceof Short) {
      return Optional.of(number.toString());
    }
    if (number instanceof BigInteger whole) {
      return whole.bitLength() > 4 * MAX_DIGITS ? Optional.empty() : Optional.of(whole.toString());
    }
    if (number instanceof BigDecimal exact) {
      return plain(exact);
    }
    boolean certain =
        number instanceof Double && Math.abs(number.doubleValue()) <= EXACT_WHOLE_NUMBERS;
    return certain ? plain(BigDecimal.valueOf(number.doubleValue())) : Optional.empty();
  }

  private static Optional<String> plain(BigDecimal number) {
    boolean bounded =
        number.precision() <= MAX_DIGITS && Math.abs((long) number.scale()) <= MAX_DIGITS;
    return bounded
        ? Optional.of(number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString())
        : Optional.empty();
  }
}
