package dev.gatehouse.oidc;

import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.backchannel.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether the OP has authenticated the user as it was asked to (OpenID Connect Core §3.1.3.7 rules
 * 12 and 13, TH-IDT-10). An OP may ignore what it is asked; the answer tells.
 */
final class AuthenticationRules {
  /** NumericDate knows no fractions of a second, at either end. */
  private static final Duration ROUNDING = Duration.ofSeconds(2);

  private AuthenticationRules() {}

  /**
   * The first rule that {@code claims} of a verified ID token break.
   *
   * @param requestedAt when the OP was asked: from then on its own check of the age counts
   * @return one fixed word
   */
  static Optional<String> firstBroken(
      JsonObject claims, AuthenticationDemand demand, Instant requestedAt, Instant now) {
    if (!demand.acrValues().isEmpty()
        && acr(claims).filter(demand.acrValues()::contains).isEmpty()) {
      return Optional.of("acr");
    }
    boolean recent =
        demand
            .maxAge()
            .map(
                age ->
                    at(claims, now)
                        .filter(at -> !at.isBefore(requestedAt.minus(age).minus(ROUNDING)))
                        .isPresent())
            .orElse(true);
    return recent ? Optional.empty() : Optional.of("auth-age");
  }

  /** The authentication context class. */
  static Optional<String> acr(JsonObject claims) {
    return claims.text("acr").filter(text -> !text.isEmpty());
  }

  /**
   * When the user proved himself, by our clock: how far the OP's is off shows in {@code iat}, which
   * is as fresh as the token. More than the usual tolerance is not made up for.
   */
  static Optional<Instant> at(JsonObject claims, Instant now) {
    Optional<Instant> issued = NumericDate.read(claims.get("iat"));
    Optional<Instant> authenticated = NumericDate.read(claims.get("auth_time"));
    if (issued.isEmpty()
        || authenticated.isEmpty()
        || authenticated.get().isAfter(issued.get().plus(IdTokenVerifier.SKEW))) {
      return Optional.empty();
    }
    Duration off = Duration.between(issued.get(), now);
    Duration most = IdTokenVerifier.SKEW;
    Duration corrected =
        off.compareTo(most) > 0 ? most : off.compareTo(most.negated()) < 0 ? most.negated() : off;
    return Optional.of(authenticated.get().plus(corrected));
  }
}
