package dev.gatehouse.access;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether a claim has one of the values that a rule asks for. */
final class ClaimValues {
  private ClaimValues() {}

  /** Exact, in exact case; never by prefix or part. */
  static boolean anyOf(String claim, Set<String> wanted, Map<String, Object> claims) {
    // TH-IDT-16: an address that nobody has proven to be the user's own opens nothing. The string
    // "true" is not the boolean true.
    if (claim.equals("email") && !Boolean.TRUE.equals(claims.get("email_verified"))) {
      return false;
    }
    return new ClaimPath(claim).in(claims).filter(value -> matches(value, wanted)).isPresent();
  }

  private static boolean matches(Object value, Set<String> wanted) {
    return value instanceof List<?> items
        ? items.stream().anyMatch(item -> isOneOf(item, wanted))
        : isOneOf(value, wanted);
  }

  private static boolean isOneOf(Object value, Set<String> wanted) {
    return ClaimText.of(value).filter(wanted::contains).isPresent();
  }
}
