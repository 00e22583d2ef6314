package dev.gatehouse.access;

import dev.gatehouse.access.AccessRule.Access;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Two rules that hold for one request: only who passes by each passes. Where nobody could, it
 * denies. Networks and what other sites may do are the caller's to look at, rule by rule.
 */
public final class CombinedRule {
  private CombinedRule() {}

  /**
   * A rule with the demands of both.
   *
   * @param own gives its pattern, and says how the request is treated
   */
  public static AccessRule of(AccessRule own, AccessRule other) {
    if (own.equals(other)) {
      return own;
    }
    List<String> acr = bothOf(own.acr(), other.acr());
    boolean possible =
        (own.provider().isEmpty()
                || other.provider().isEmpty()
                || own.provider().equals(other.provider()))
            && (!acr.isEmpty() || own.acr().isEmpty() || other.acr().isEmpty());
    return new AccessRule(
        own.pattern(),
        own.methods(),
        own.hosts(),
        own.networks(),
        possible ? bothOf(own.access(), other.access()) : Access.DENY,
        new Requirement.All(List.of(own.require(), other.require())),
        acr,
        union(own.scopes(), other.scopes()),
        shorter(own.maxAge(), other.maxAge()),
        own.provider().or(other::provider),
        own.handling(),
        own.line());
  }

  private static Access bothOf(Access own, Access other) {
    if (own == other || opens(other)) {
      return own;
    }
    if (opens(own) || own == Access.LOGIN_OR_BEARER) {
      return other;
    }
    // A session and a token at once is what no request has.
    return other == Access.LOGIN_OR_BEARER ? own : Access.DENY;
  }

  private static boolean opens(Access access) {
    return access == Access.ANONYMOUS || access == Access.OPTIONAL;
  }

  /** The values that are good enough for both, where a list without any is content with all. */
  private static List<String> bothOf(List<String> own, List<String> other) {
    return own.isEmpty()
        ? other
        : other.isEmpty() ? own : own.stream().filter(other::contains).toList();
  }

  private static Set<String> union(Set<String> own, Set<String> other) {
    Set<String> all = new LinkedHashSet<>(own);
    all.addAll(other);
    return all;
  }

  private static Optional<Duration> shorter(Optional<Duration> own, Optional<Duration> other) {
    return own.isEmpty() || other.isEmpty()
        ? own.or(() -> other)
        : Optional.of(own.get().compareTo(other.get()) <= 0 ? own.get() : other.get());
  }
}
