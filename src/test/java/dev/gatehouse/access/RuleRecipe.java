package dev.gatehouse.access;

import dev.gatehouse.access.AccessRule.Access;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules for tests, in one line each. */
final class RuleRecipe {
  private RuleRecipe() {}

  static AccessRule rule(String pattern, Access access, String... methods) {
    return new AccessRule(pattern, Set.of(methods), access, Map.of(), Set.of(), 0);
  }

  static AccessRule requiring(String pattern, String claim, String... values) {
    return new AccessRule(
        pattern, Set.of(), Access.LOGIN, Map.of(claim, Set.of(values)), Set.of(), 0);
  }

  static AccessRules rules(AccessRule... rules) {
    return new AccessRules(List.of(rules));
  }

  /** What is reported of rules that one host is served with. */
  static List<RuleFinding> findings(AccessRule... rules) {
    return findings(List.of(rules), "app.example");
  }

  static List<RuleFinding> findings(List<AccessRule> rules, String... hosts) {
    return AccessRules.findings(rules, List.of(hosts), LetterCase.EXACT);
  }
}
