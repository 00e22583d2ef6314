package dev.gatehouse.access;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an authentication must be like to be good enough, beside who it is of (OpenID Connect Core
 * §3.1.2.1, RFC 9470 §4). Immutable.
 *
 * @param acrValues authentication contexts, preferred first, one of which is needed; empty for any
 * @param maxAge how long ago the user may have proven himself
 * @param scopes scope-tokens that are asked for beyond those of every login
 */
public record AuthenticationDemand(
    List<String> acrValues, Optional<Duration> maxAge, Set<String> scopes) {
  /** Nothing is demanded. */
  public static final AuthenticationDemand NONE =
      new AuthenticationDemand(List.of(), Optional.empty(), Set.of());

  /** The words for an authentication that is not as demanded: context, age. */
  public static final Set<String> REFUSALS = Set.of("acr", "auth-age");

  static final String ACR = "acr";

  public AuthenticationDemand {
    acrValues = List.copyOf(acrValues);
    Objects.requireNonNull(maxAge, "maxAge");
    scopes = Set.copyOf(scopes);
  }

  /** What {@code rule} demands. */
  public static AuthenticationDemand of(AccessRule rule) {
    return isMadeBy(rule)
        ? new AuthenticationDemand(rule.acr(), rule.maxAge(), rule.scopes())
        : NONE;
  }

  /** Whether {@code rule} demands anything at all. Allocates nothing. */
  public static boolean isMadeBy(AccessRule rule) {
    return rule.maxAge().isPresent() || !rule.scopes().isEmpty() || !rule.acr().isEmpty();
  }

  /** Whether nothing is demanded. */
  public boolean isEmpty() {
    return acrValues.isEmpty() && maxAge.isEmpty() && scopes.isEmpty();
  }

  /**
   * This demand on top of what every login has to keep: the shorter age counts, and the contexts of
   * this one where it names any.
   */
  public AuthenticationDemand onTopOf(AuthenticationDemand every) {
    Set<String> both = new TreeSet<>(every.scopes);
    both.addAll(scopes);
    Optional<Duration> shorter =
        maxAge
            .filter(age -> every.maxAge.filter(other -> other.compareTo(age) < 0).isEmpty())
            .or(every::maxAge);
    return new AuthenticationDemand(
        acrValues.isEmpty() ? every.acrValues : acrValues, shorter, both);
  }
}
