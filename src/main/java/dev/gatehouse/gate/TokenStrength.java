package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.oidc.NumericDate;
import dev.gatehouse.token.TokenVerdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether the user of an access token proved himself as a rule wants it (RFC 9470 §3). The token,
 * or what the OP says of it, has to tell (§6); one that does not is not good enough.
 */
final class TokenStrength {
  /** How far the OP's clock may be ahead. */
  private static final Duration SKEW = Duration.ofSeconds(60);

  private static final String ACR = "acr";

  private TokenStrength() {}

  /** What is missing, as one word for the audit log; empty where nothing is. */
  static Optional<String> firstFlaw(AccessRule rule, TokenVerdict.Active active, Clock clock) {
    if (!rule.acr().isEmpty() && !hasContext(rule, active)) {
      return Optional.of("acr");
    }
    return rule.maxAge().isPresent() && !isRecent(active, rule.maxAge().get(), clock.instant())
        ? Optional.of("auth-age")
        : Optional.empty();
  }

  private static boolean hasContext(AccessRule rule, TokenVerdict.Active active) {
    return active.claims().get(ACR) instanceof String acr && rule.acr().contains(acr);
  }

  private static boolean isRecent(TokenVerdict.Active active, Duration maxAge, Instant now) {
    return NumericDate.read(active.claims().get("auth_time"))
        .filter(at -> !at.plus(maxAge).isBefore(now) && !at.isAfter(now.plus(SKEW)))
        .isPresent();
  }
}
