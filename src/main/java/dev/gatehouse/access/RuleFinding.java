package dev.gatehouse.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rule that does not do what it seems to say, since another one holds instead (TH-PATH-8), or
 * since nobody can meet it.
 *
 * @param rule the rule that does not hold
 * @param by the rule that holds instead; the rule itself where no other one is the cause
 * @param message what is wrong and what would be right
 */
public record RuleFinding(AccessRule rule, AccessRule by, String message) {
  private static final Set<String> SAMPLE_METHODS =
      Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");

  /** A segment that no pattern names: from the private use area. */
  private static final String SAMPLE_SEGMENT = "\uE000";

  static List<RuleFinding> all(List<AccessRule> rules, List<String> hosts, LetterCase letterCase) {
    int depth = 1 + rules.stream().mapToInt(RuleFinding::depth).max().orElse(0);
    Map<String, AccessRules> byHost = new LinkedHashMap<>();
    hosts.forEach(host -> byHost.put(host, AccessRules.at(host, rules, letterCase)));
    List<RuleFinding> findings = new ArrayList<>();
    for (AccessRule rule : rules) {
      atItsHosts(rule, byHost, depth).ifPresent(findings::add);
      contradiction(rule).ifPresent(findings::add);
    }
    return List.copyOf(findings);
  }

  /** A rule for all hosts leaves room for rules for some; a rule for some means each of them. */
  private static Optional<RuleFinding> atItsHosts(
      AccessRule rule, Map<String, AccessRules> byHost, int depth) {
    List<RuleFinding> findings = new ArrayList<>();
    List<String> lost = new ArrayList<>();
    int hosts = 0;
    for (Map.Entry<String, AccessRules> host : byHost.entrySet()) {
      if (rule.hosts().isEmpty() || rule.hosts().contains(host.getKey())) {
        hosts++;
        Optional<RuleFinding> finding = of(rule, host.getValue(), depth);
        finding.ifPresent(findings::add);
        finding.ifPresent(found -> lost.add(host.getKey()));
      }
    }
    Optional<RuleFinding> opened = findings.stream().filter(RuleFinding::opens).findFirst();
    boolean leavesRoom = rule.hosts().isEmpty() && findings.size() < hosts;
    if (findings.isEmpty() || leavesRoom && opened.isEmpty()) {
      return Optional.empty();
    }
    RuleFinding first = opened.orElse(findings.get(0));
    return Optional.of(
        findings.size() == hosts
            ? first
            : new RuleFinding(
                rule, first.by, "At " + String.join(", ", lost) + ": " + first.message));
  }

  /** Whether what a method needs everywhere is let through at a host, by a rule for all methods. */
  private boolean opens() {
    boolean weaker =
        by.opens() && !rule.opens()
            || rule.access() == AccessRule.Access.DENY && by.access() != AccessRule.Access.DENY;
    return weaker && !rule.methods().isEmpty() && by.methods().isEmpty();
  }

  private static Optional<RuleFinding> of(AccessRule rule, AccessRules compiled, int depth) {
    Set<String> named = CompiledRule.methodsOf(rule);
    if (named.isEmpty() && !rule.methods().isEmpty()) {
      return Optional.of(
          new RuleFinding(
              rule, rule, name(rule) + " never holds: HEAD is judged as GET; name GET instead"));
    }
    String path = PathPattern.of(rule.pattern()).sample(SAMPLE_SEGMENT, depth);
    Set<String> lost = new TreeSet<>();
    AccessRule winner = rule;
    for (String method : named.isEmpty() ? SAMPLE_METHODS : named) {
      AccessRule holds = compiled.find(method, path);
      if (!holds.equals(rule)) {
        lost.add(method);
        winner = holds;
      }
    }
    boolean always = lost.size() == (named.isEmpty() ? SAMPLE_METHODS : named).size();
    // A rule for all methods leaves room for rules for some; a rule for some means each of them.
    return lost.isEmpty() || named.isEmpty() && !always
        ? Optional.empty()
        : Optional.of(new RuleFinding(rule, winner, message(rule, winner, lost, always)));
  }

  private static String message(
      AccessRule rule, AccessRule winner, Set<String> lost, boolean always) {
    return name(rule)
        + (always ? " never holds: " : " does not hold for " + String.join(", ", lost) + ": ")
        + name(winner)
        + " names the same paths and is the more specific or the stricter one. Remove one of them,"
        + " or tell them apart by path, host or method."
        + (isConditional(rule) || isConditional(winner)
            ? " What a rule requires (claims, scopes, acr, networks) chooses no rule: write one"
                + " rule that says both, its claims with any or all."
            : "");
  }

  private static boolean isConditional(AccessRule rule) {
    return !rule.require().isEmpty()
        || !rule.scopes().isEmpty()
        || !rule.acr().isEmpty()
        || !rule.networks().isEmpty();
  }

  private static Optional<RuleFinding> contradiction(AccessRule rule) {
    return Contradiction.in(rule.require())
        .map(
            part ->
                new RuleFinding(
                    rule,
                    rule,
                    name(rule)
                        + " lets nobody pass: it requires both "
                        + part
                        + " and its opposite"));
  }

  private static String name(AccessRule rule) {
    return rule.pattern()
        + (rule.hosts().isEmpty() ? "" : " at " + String.join(", ", new TreeSet<>(rule.hosts())))
        + (rule.methods().isEmpty() ? "" : " " + new TreeSet<>(rule.methods()))
        + (rule.line() > 0 ? " (line " + rule.line() + ")" : "");
  }

  private static int depth(AccessRule rule) {
    return PathPattern.of(rule.pattern()).segments().size();
  }
}
