package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The claims that a session keeps: those that headers, roles, rules and pages are made of. The rest
 * of what an OP sends is nobody's business after the login. Immutable.
 */
record KeptClaims(Set<String> names) {
  private static final List<String> FOR_PAGES = List.of("name", "preferred_username");

  /** Rules on {@code email} look at this one too (OpenID Connect Core §5.7). */
  private static final String EMAIL_VERIFIED = "email_verified";

  KeptClaims {
    names = Set.copyOf(names);
  }

  /**
   * @param mapped claims that identity headers and roles are made of
   */
  static KeptClaims of(Set<String> mapped, List<AccessRule> rules) {
    Set<String> names = new HashSet<>(wanted(mapped, rules));
    names.addAll(FOR_PAGES);
    names.add(EMAIL_VERIFIED);
    // A dotted name is a path into a claim, unless a claim has that very name.
    for (String name : List.copyOf(names)) {
      int dot = name.indexOf('.');
      if (dot > 0) {
        names.add(name.substring(0, dot));
      }
    }
    return new KeptClaims(names);
  }

  /** The claims that the OP is asked for at userinfo when the ID token lacks one. */
  static Set<String> wanted(Set<String> mapped, List<AccessRule> rules) {
    Set<String> names = new HashSet<>(mapped);
    rules.forEach(rule -> names.addAll(rule.require().keySet()));
    return names;
  }

  Map<String, Object> of(Map<String, Object> claims) {
    Map<String, Object> kept = new HashMap<>(claims);
    kept.keySet().retainAll(names);
    return kept;
  }
}
