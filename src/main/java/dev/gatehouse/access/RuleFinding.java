package dev.gatehouse.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rule that does not do what it seems to say, since another one holds instead (TH-PATH-8).
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

  static List<RuleFinding> all(AccessRules compiled, List<AccessRule> rules) {
    int depth = 1 + rules.stream().mapToInt(RuleFinding::depth).max().orElse(0);
    List<RuleFinding> findings = new ArrayList<>();
    for (AccessRule rule : rules) {
      of(rule, compiled, depth).ifPresent(findings::add);
    }
    return List.copyOf(findings);
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
        + " or tell them apart by path or method.";
  }

  private static String name(AccessRule rule) {
    return rule.pattern()
        + (rule.methods().isEmpty() ? "" : " " + new TreeSet<>(rule.methods()))
        + (rule.line() > 0 ? " (line " + rule.line() + ")" : "");
  }

  private static int depth(AccessRule rule) {
    return PathPattern.of(rule.pattern()).segments().size();
  }
}
