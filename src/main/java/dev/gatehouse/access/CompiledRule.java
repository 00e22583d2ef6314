package dev.gatehouse.access;

import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/** A rule, ready to be found. */
final class CompiledRule {
  /** Of rules with one pattern: the one for a host, for a method, then the stricter. Total. */
  static final Comparator<CompiledRule> ORDER =
      Comparator.<CompiledRule>comparingInt(rule -> rule.rule.hosts().isEmpty() ? 1 : 0)
          .thenComparingInt(rule -> rule.methods.length == 0 ? 1 : 0)
          .thenComparingInt(rule -> -rule.strictness)
          .thenComparing(CompiledRule::text);

  private final AccessRule rule;
  private final PathPattern pattern;
  private final String[] methods;
  private final int strictness;
  private final int rank;

  /**
   * @param rank the place of the pattern among all in the order of being specific; the smaller, the
   *     more specific
   */
  CompiledRule(AccessRule rule, PathPattern pattern, int rank) {
    this.rule = rule;
    this.pattern = pattern;
    this.methods = methodsOf(rule).toArray(String[]::new);
    this.strictness = strictness(rule);
    this.rank = rank;
  }

  /**
   * The methods of a rule with HEAD counted as GET. Whoever names HEAD alone gets no more than that
   * out of an opening rule: it holds for nothing, and is reported.
   */
  static Set<String> methodsOf(AccessRule rule) {
    Set<String> methods = new TreeSet<>(rule.methods());
    if (methods.remove("HEAD") && protects(rule)) {
      methods.add("GET");
    }
    return methods;
  }

  /** Whether a rule lets no more through than what holds where no rule is. */
  static boolean protects(AccessRule rule) {
    return !rule.opens();
  }

  private static int strictness(AccessRule rule) {
    int access =
        switch (rule.access()) {
          case ANONYMOUS -> 0;
          case OPTIONAL -> 1;
          case LOGIN_OR_BEARER -> 2;
          case LOGIN -> 3;
          case BEARER -> 4;
          case DENY -> 5;
        };
    int demands =
        rule.require().weight()
            + rule.scopes().size()
            + (rule.acr().isEmpty() ? 0 : 1)
            + (rule.maxAge().isPresent() ? 1 : 0)
            + (rule.provider().isPresent() ? 1 : 0)
            + (rule.networks().isEmpty() ? 0 : 1);
    return access * 100 + Math.min(99, demands);
  }

  AccessRule rule() {
    return rule;
  }

  PathPattern pattern() {
    return pattern;
  }

  int rank() {
    return rank;
  }

  boolean isStricterThan(CompiledRule other) {
    return strictness > other.strictness;
  }

  boolean isWeakerThan(CompiledRule other) {
    return strictness < other.strictness;
  }

  boolean protects() {
    return protects(rule);
  }

  boolean isForAllMethods() {
    return methods.length == 0;
  }

  /** Whether it holds for that method, HEAD having become GET. Allocates nothing. */
  boolean holdsFor(String method) {
    return methods.length == 0 || names(method);
  }

  /** Whether it names that very method. Allocates nothing. */
  boolean names(String method) {
    for (String each : methods) {
      if (each.equals(method)) {
        return true;
      }
    }
    return false;
  }

  /** Settles the order of rules that differ in nothing else, whatever their order in the file. */
  private String text() {
    return rule.access()
        + " "
        + new TreeSet<>(rule.methods())
        + " "
        + rule.require()
        + " "
        + rule.acr()
        + " "
        + new TreeSet<>(rule.scopes())
        + " "
        + rule.networks()
        + " "
        + rule.maxAge()
        + " "
        + rule.provider()
        + " "
        + new TreeSet<>(rule.hosts());
  }
}
