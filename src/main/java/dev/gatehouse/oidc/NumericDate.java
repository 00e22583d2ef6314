package dev.gatehouse.oidc;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/** Reads a time claim (RFC 7519 §2 "NumericDate"). */
public final class NumericDate {
  private static final BigDecimal MAX = BigDecimal.valueOf(1L << 53);

  // Later than any honest token, and far from where adding a few seconds would overflow.
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private NumericDate() {}

  /**
   * The instant that {@code claim} names, cut to seconds; empty unless it is a JSON number from 0
   * to 2^53. A time beyond the year 9999 is the last second of that year.
   */
  public static Optional<Instant> read(Object claim) {
    if (!(claim instanceof Number number)) {
      return Optional.empty();
    }
    BigDecimal seconds = new BigDecimal(number.toString());
    if (seconds.signum() < 0 || seconds.compareTo(MAX) > 0) {
      return Optional.empty();
    }
    return Optional.of(Instant.ofEpochSecond(Math.min(seconds.longValue(), LAST_SECOND)));
  }
}
