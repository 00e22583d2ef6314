package dev.gatehouse.access;

import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.access.PathPattern.Fit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the most specific rule for a method and a canonical path (TH-PATH-8). What no rule names
 * needs a login (TH-CFG-15). The order of the file counts for nothing. Immutable, safe for
 * concurrent use.
 *
 * <p>The order, first difference first:
 *
 * <ol>
 *   <li>the pattern with the longest literal beginning: at the first segment where two patterns
 *       differ, a literal one wins over {@code *}, that over {@code **}, and the path itself over
 *       what is below it;
 *   <li>a rule that names the host before one for all hosts;
 *   <li>a rule that names the method before one for all methods;
 *   <li>the stricter access: deny, bearer, login, login-or-bearer, optional, anonymous; then the
 *       one that requires more.
 * </ol>
 *
 * <p>What a rule requires, claims, scopes, contexts and networks, chooses no rule: it is judged
 * when the rule has been found, so that nobody who fails at one rule is let in by a weaker one.
 *
 * <p>A protecting rule holds for other spellings of its paths too (see {@link AccessRule}). There
 * it never replaces a stricter rule, and a rule that is written for the very path gives way to it
 * only where it differs in nothing but a slash, dots or spaces at the end.
 *
 * <p>HEAD is judged as GET. A method beside GET, HEAD, POST, PUT, DELETE, PATCH and OPTIONS, to
 * which an app may answer as to GET, is held by the strictest of the rules for any method that are
 * at least as specific as the one for all (TH-HTTP-10).
 */
public final class AccessRules {
  private static final Set<String> USUAL_METHODS =
      Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
  private static final AccessRule LOGIN_BY_DEFAULT =
      new AccessRule("/**", Set.of(), Access.LOGIN, Map.of(), Set.of(), 0);

  private final SegmentTree root = new SegmentTree();
  private final CompiledRule byDefault;
  private final List<AccessRule> rules;

  /** Without the rules that open for some networks; null where there are none of these. */
  private final AccessRules elsewhere;

  /**
   * Compiles {@code rules} for an app that may tell letter case apart.
   *
   * @throws IllegalArgumentException for a pattern that {@link #problemWith} objects to
   */
  public AccessRules(List<AccessRule> rules) {
    this(rules, LetterCase.EXACT);
  }

  /**
   * Compiles {@code rules}, whatever hosts they are for.
   *
   * @throws IllegalArgumentException for a pattern that {@link #problemWith} objects to
   */
  public AccessRules(List<AccessRule> rules, LetterCase letterCase) {
    this.rules = List.copyOf(rules);
    List<AccessRule> everywhere =
        this.rules.stream().filter(rule -> !rule.opens() || rule.networks().isEmpty()).toList();
    this.elsewhere =
        everywhere.size() == this.rules.size() ? null : new AccessRules(everywhere, letterCase);
    TreeSet<String> specificities = new TreeSet<>();
    this.rules.forEach(rule -> specificities.add(PathPattern.of(rule.pattern()).specificity()));
    List<String> ranks = List.copyOf(specificities);
    for (AccessRule rule : this.rules) {
      PathPattern pattern = PathPattern.of(rule.pattern(), letterCase);
      if (rule.methods().isEmpty() || !CompiledRule.methodsOf(rule).isEmpty()) {
        root.add(new CompiledRule(rule, pattern, ranks.indexOf(pattern.specificity())));
      }
    }
    byDefault =
        new CompiledRule(
            LOGIN_BY_DEFAULT, PathPattern.of(LOGIN_BY_DEFAULT.pattern()), ranks.size());
  }

  /** Compiles those of {@code rules} that are for {@code host}. */
  public static AccessRules at(String host, List<AccessRule> rules, LetterCase letterCase) {
    return new AccessRules(
        rules.stream()
            .filter(rule -> rule.hosts().isEmpty() || rule.hosts().contains(host))
            .toList(),
        letterCase);
  }

  /** What is wrong with a pattern, in words that mend it; empty when nothing is. */
  public static Optional<String> problemWith(String pattern) {
    return PathPattern.problemWith(pattern);
  }

  /**
   * The rule that holds; never null. Allocates nothing.
   *
   * @param method as it came
   * @param canonicalPath what {@code RequestPath} made of the path; for {@code *} no opening rule
   *     holds
   */
  public AccessRule find(String method, String canonicalPath) {
    String judged = method.equals("HEAD") ? "GET" : method;
    if (!canonicalPath.startsWith("/")) {
      return withoutPath(judged).rule();
    }
    CompiledRule written = written(root, judged, canonicalPath, 1);
    CompiledRule base = written == null ? byDefault : written;
    return protecting(root, judged, canonicalPath, 1, base, base).rule();
  }

  /**
   * The rule that holds for a client outside the networks of an opening rule that {@link #find} has
   * found: the one that would hold without such rules, and a login where that one opens too. Whom a
   * rule names no network for is not let in by a broader one. Allocates nothing.
   */
  public AccessRule elsewhere(String method, String canonicalPath) {
    AccessRule found = (elsewhere == null ? this : elsewhere).find(method, canonicalPath);
    return found.opens() ? LOGIN_BY_DEFAULT : found;
  }

  /**
   * Rules that never hold, or not for all methods that they name, or whose requirement nobody can
   * meet; for {@code check}.
   *
   * @param hosts all host names that are served
   */
  public static List<RuleFinding> findings(
      List<AccessRule> rules, List<String> hosts, LetterCase letterCase) {
    return RuleFinding.all(rules, hosts, letterCase);
  }

  /** The claims that rules look at, {@code email_verified} where that decides. */
  public Set<String> claimNames() {
    Set<String> names = new TreeSet<>();
    for (AccessRule rule : rules) {
      names.addAll(rule.require().claimNames());
      if (!rule.acr().isEmpty()) {
        names.add(AuthenticationDemand.ACR);
      }
    }
    return names;
  }

  /** Whether the user has what {@code rule} requires, and his token the context it wants. */
  public static boolean satisfied(AccessRule rule, Map<String, Object> claims) {
    return satisfiedByUser(rule, claims)
        && (rule.acr().isEmpty()
            || claims.get(AuthenticationDemand.ACR) instanceof String acr
                && rule.acr().contains(acr));
  }

  /**
   * As {@link #satisfied}, but for {@code acr}, which is no property of the user: he can sign in
   * again in another way, see {@link AuthenticationDemand}. What the claims do not tell is a no.
   *
   * @param claims JSON values: String, Number, Boolean, List, Map
   */
  public static boolean satisfiedByUser(AccessRule rule, Map<String, Object> claims) {
    return rule.require().judge(claims) == Requirement.Answer.YES;
  }

  /** For {@code OPTIONS *}: nothing opens it; what protects everything protects it too. */
  private CompiledRule withoutPath(String method) {
    CompiledRule best = byDefault;
    for (CompiledRule rule : root.below()) {
      boolean holds = rule.holdsFor(method) || !USUAL_METHODS.contains(method);
      if (holds && !rule.isWeakerThan(best)) {
        best = rule;
      }
    }
    return best;
  }

  /** The most specific rule that matches as it is written; {@code from} is after a slash. */
  private static CompiledRule written(SegmentTree node, String method, String path, int from) {
    CompiledRule found = null;
    if (from >= path.length()) {
      found = firstWritten(node.here(), method, path);
    } else {
      int to = PathPattern.segmentEnd(path, from);
      SegmentTree child = node.child(path, from, to);
      if (child != null) {
        found = written(child, method, path, to + 1);
      }
      if (found == null && node.any() != null) {
        found = written(node.any(), method, path, to + 1);
      }
    }
    return found != null ? found : firstWritten(node.below(), method, path);
  }

  private static CompiledRule firstWritten(List<CompiledRule> rules, String method, String path) {
    for (int i = 0; i < rules.size(); i++) {
      CompiledRule rule = rules.get(i);
      if (rule.holdsFor(method) && rule.pattern().matches(path)) {
        return rule;
      }
    }
    return null;
  }

  /** The strictest of {@code written} and all rules that protect this path in another spelling. */
  private static CompiledRule protecting(
      SegmentTree node,
      String method,
      String path,
      int from,
      CompiledRule written,
      CompiledRule soFar) {
    CompiledRule best = soFar;
    if (from >= path.length()) {
      best = strictest(node.here(), method, path, written, best);
      return strictest(node.below(), method, path, written, best);
    }
    int to = PathPattern.segmentEnd(path, from);
    SegmentTree child = node.child(path, from, to);
    if (child != null) {
      best = protecting(child, method, path, to + 1, written, best);
    }
    if (to + 1 >= path.length()) {
      // The last segment: an app may take /admin.json for /admin.
      for (int dot = path.lastIndexOf('.', to - 1);
          dot > from;
          dot = path.lastIndexOf('.', dot - 1)) {
        SegmentTree stem = node.child(path, from, dot);
        if (stem != null && stem != child) {
          best = strictest(stem.here(), method, path, written, best);
          best = strictest(stem.below(), method, path, written, best);
        }
      }
    }
    if (node.any() != null) {
      best = protecting(node.any(), method, path, to + 1, written, best);
    }
    return strictest(node.below(), method, path, written, best);
  }

  private static CompiledRule strictest(
      List<CompiledRule> rules,
      String method,
      String path,
      CompiledRule written,
      CompiledRule soFar) {
    CompiledRule best = soFar;
    for (int i = 0; i < rules.size(); i++) {
      CompiledRule rule = rules.get(i);
      if (counts(rule, method, path, written) && takesOver(rule, written, best)) {
        best = rule;
      }
    }
    return best;
  }

  /** Whether a rule has a say beside the one that matches as it is written. */
  private static boolean counts(
      CompiledRule rule, String method, String path, CompiledRule written) {
    boolean holds = rule.holdsFor(method);
    boolean moreSpecific = rule.rank() < written.rank();
    boolean otherMethod =
        !holds && !USUAL_METHODS.contains(method) && (moreSpecific || !written.names(method));
    if (!holds && !otherMethod || rule.rank() > written.rank()) {
      return false;
    }
    Fit fit = rule.pattern().fit(path);
    if (fit == Fit.EXACT) {
      return otherMethod;
    }
    return rule.protects() && (fit == Fit.TRIMMED || moreSpecific);
  }

  private static boolean takesOver(CompiledRule rule, CompiledRule written, CompiledRule best) {
    // Being more specific settles it between rules of one strictness; being written does otherwise.
    return best == written && rule.rank() < written.rank()
        ? !rule.isWeakerThan(best)
        : rule.isStricterThan(best);
  }
}
