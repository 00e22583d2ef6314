package dev.gatehouse.access;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How a user was authenticated for a session, and what was granted with it. Immutable.
 *
 * @param at when he last proved himself, by our clock; empty where the OP did not say
 * @param acr the authentication context (OpenID Connect Core §2)
 * @param scopes the scope-tokens that were granted
 * @param demanded what was asked for at that login; of its scopes all, also those of every login
 */
public record Authentication(
    Optional<Instant> at, Optional<String> acr, Set<String> scopes, AuthenticationDemand demanded) {
  /** Nothing is known of it. */
  public static final Authentication UNKNOWN =
      new Authentication(Optional.empty(), Optional.empty(), Set.of(), AuthenticationDemand.NONE);

  /**
   * How long a login that met a demand meets it at the least: the way back from the OP takes time,
   * and a user must not be sent round for a demand that he has met a moment ago.
   */
  private static final Duration ARRIVAL = Duration.ofSeconds(60);

  public Authentication {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(acr, "acr");
    scopes = Set.copyOf(scopes);
    Objects.requireNonNull(demanded, "demanded");
  }

  /** This one, at that time. */
  public Authentication at(Instant time) {
    return new Authentication(Optional.of(time), acr, scopes, demanded);
  }

  /** All but the time, which many users have in common. */
  public Authentication withoutTime() {
    return at.isEmpty() ? this : new Authentication(Optional.empty(), acr, scopes, demanded);
  }

  /** Whether context and age are what {@code demand} wants; scopes are another matter. */
  public boolean meets(AuthenticationDemand demand, Instant loggedInAt, Instant now) {
    return (demand.acrValues().isEmpty() || acr.filter(demand.acrValues()::contains).isPresent())
        && demand.maxAge().map(age -> isRecent(age, loggedInAt, now)).orElse(true);
  }

  private boolean isRecent(Duration maxAge, Instant loggedInAt, Instant now) {
    boolean youngEnough = at.filter(time -> !time.plus(maxAge).isBefore(now)).isPresent();
    boolean justProven =
        demanded.maxAge().filter(met -> met.compareTo(maxAge) <= 0).isPresent()
            && now.isBefore(loggedInAt.plus(ARRIVAL));
    return youngEnough || justProven;
  }

  /** Whether all of {@code wanted} were granted. */
  public boolean grants(Set<String> wanted) {
    return scopes.containsAll(wanted);
  }

  /** Whether all of {@code wanted} that are missing were asked for, and the OP said no. */
  public boolean wasRefused(Set<String> wanted) {
    return demanded.scopes().containsAll(wanted);
  }

  /**
   * This authentication after a refresh, which authenticates nobody: its time stays. A context that
   * the OP names anew counts from now on, and scopes can only become fewer (RFC 6749 §6).
   *
   * @param stillGranted what the OP says is granted; empty where it does not say
   */
  public Authentication refreshed(Optional<String> newAcr, Optional<Set<String>> stillGranted) {
    Set<String> kept = new LinkedHashSet<>(scopes);
    stillGranted.ifPresent(kept::retainAll);
    return new Authentication(at, newAcr.or(() -> acr), kept, demanded);
  }

  /** Without the scopes, of which there may be many. */
  @Override
  public String toString() {
    return "Authentication[at=" + at + ", acr=" + acr + "]";
  }
}
