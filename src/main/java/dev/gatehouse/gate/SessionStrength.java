package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.Authentication;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.session.Session;
import java.time.Instant;

/** Whether a session was authenticated as a rule wants it (RFC 9470 §2, RFC 6749 §3.3). */
enum SessionStrength {
  /** It was. */
  ENOUGH,
  /** The user has to prove himself in another way, or anew. */
  AUTHENTICATION_WEAK,
  /** A scope is missing that the OP has not been asked for. */
  SCOPE_MISSING,
  /** A scope is missing that the OP has been asked for, and has not granted. */
  SCOPE_REFUSED;

  /** How {@code session} stands to {@code rule}. Allocates nothing where the rule wants nothing. */
  static SessionStrength of(Session session, AccessRule rule, Instant now) {
    if (!AuthenticationDemand.isMadeBy(rule)) {
      return ENOUGH;
    }
    Authentication authentication = session.authentication();
    if (!authentication.grants(rule.scopes())) {
      return authentication.wasRefused(rule.scopes()) ? SCOPE_REFUSED : SCOPE_MISSING;
    }
    return authentication.meets(AuthenticationDemand.of(rule), session.createdAt(), now)
        ? ENOUGH
        : AUTHENTICATION_WEAK;
  }
}
