package dev.gatehouse.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AccessRule.Access;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AccessRulesProperties {
  private static final List<String> METHODS = List.of("GET", "POST", "JEFF");

  @Provide
  Arbitrary<String> paths() {
    Arbitrary<String> segments =
        Arbitraries.of("a", "b", "c")
            .list()
            .ofMinSize(1)
            .ofMaxSize(4)
            .map(AccessRulesProperties::join);
    return Arbitraries.oneOf(segments, segments.map(path -> path + "/"), Arbitraries.just("/"));
  }

  private static Arbitrary<AccessRule> rule(Access... accesses) {
    Arbitrary<String> beginning =
        Arbitraries.frequency(
                net.jqwik.api.Tuple.of(4, "a"),
                net.jqwik.api.Tuple.of(4, "b"),
                net.jqwik.api.Tuple.of(2, "*"))
            .list()
            .ofMaxSize(4)
            .map(AccessRulesProperties::join);
    Arbitrary<String> pattern =
        Combinators.combine(beginning, Arbitraries.of("", "", "/", "/**"))
            .as((path, end) -> (path + end).isEmpty() ? "/" : path + end);
    Arbitrary<Set<String>> methods =
        Arbitraries.of(Set.of(), Set.of(), Set.of("GET"), Set.of("POST"), Set.of("GET", "POST"));
    return Combinators.combine(pattern, methods, Arbitraries.of(accesses))
        .as((text, some, access) -> new AccessRule(text, some, access, Map.of(), Set.of(), 0));
  }

  @Provide
  Arbitrary<List<AccessRule>> rules() {
    return rule(Access.values()).list().ofMaxSize(8);
  }

  @Provide
  Arbitrary<List<AccessRule>> openingRules() {
    return rule(Access.ANONYMOUS, Access.OPTIONAL).list().ofMaxSize(8);
  }

  @Rule("TH-PATH-8")
  @Property
  void orderOfTheFileCountsForNothing(
      @ForAll("rules") List<AccessRule> rules, @ForAll("paths") String path, @ForAll long seed) {
    List<AccessRule> shuffled = new ArrayList<>(rules);
    Collections.shuffle(shuffled, new Random(seed));

    for (String method : METHODS) {
      assertThat(new AccessRules(shuffled).find(method, path))
          .isEqualTo(new AccessRules(rules).find(method, path));
    }
  }

  /**
   * Opening rules hold as they are written only, so the documented order can be read off plainly.
   */
  @Rule("TH-PATH-7")
  @Rule("TH-PATH-8")
  @Property
  void openingRuleThatHoldsIsTheFirstInTheDocumentedOrder(
      @ForAll("openingRules") List<AccessRule> rules, @ForAll("paths") String path) {
    for (String method : List.of("GET", "POST")) {
      AccessRule expected =
          rules.stream()
              .filter(rule -> rule.methods().isEmpty() || rule.methods().contains(method))
              .filter(rule -> path.matches(regex(rule.pattern())))
              .min(documentedOrder())
              .orElse(null);
      AccessRule found = new AccessRules(rules).find(method, path);

      assertThat(found.access()).isEqualTo(expected == null ? Access.LOGIN : expected.access());
      assertThat(found.pattern()).isEqualTo(expected == null ? "/**" : expected.pattern());
    }
  }

  /** A protected page stays protected under every name that an app may have for it. */
  @Rule("TH-PATH-6")
  @Property
  void otherSpellingIsNeverWeakerThanTheRuleForThePath(
      @ForAll("rules") List<AccessRule> others, @ForAll("paths") String any) {
    String path = any.length() > 1 && any.endsWith("/") ? any.substring(0, any.length() - 1) : any;
    if (path.equals("/")) {
      return;
    }
    for (Access access : List.of(Access.LOGIN, Access.DENY)) {
      List<AccessRule> all = new ArrayList<>(others);
      all.add(new AccessRule(path, Set.of(), access, Map.of(), Set.of(), 0));
      AccessRules rules = new AccessRules(all);
      for (String method : METHODS) {
        // Where a rule for the method opens the very path, there is nothing to be protected.
        Access there = rules.find(method, path).access();
        if (there.compareTo(Access.LOGIN) >= 0) {
          // What another spelling has made stricter than it is written binds that spelling alone.
          int needed = Math.min(strictness(there), strictness(access));
          for (String end : List.of("/", ".", " ", ".json", ".a.b", ".json/", ". ./")) {
            assertThat(strictness(rules.find(method, path + end)))
                .as("%s %s beside %s in %s", method, path + end, there, all)
                .isGreaterThanOrEqualTo(needed);
          }
          assertThat(strictness(rules.find(method, path.toUpperCase())))
              .isGreaterThanOrEqualTo(needed);
        }
      }
    }
  }

  @Rule("TH-HTTP-10")
  @Property
  void unknownMethodIsNeverWeakerThanGetAndPostTogether(
      @ForAll("rules") List<AccessRule> rules, @ForAll("paths") String path) {
    AccessRules compiled = new AccessRules(rules);
    int weakest =
        Math.min(strictness(compiled.find("GET", path)), strictness(compiled.find("POST", path)));

    assertThat(strictness(compiled.find("JEFF", path))).isGreaterThanOrEqualTo(weakest);
  }

  @Rule("TH-PATH-8")
  @Property
  void reportedRuleHoldsForNothingOrLosesAMethod(@ForAll("rules") List<AccessRule> rules) {
    AccessRules compiled = new AccessRules(rules);

    for (RuleFinding finding : RuleRecipe.findings(rules, "app.example")) {
      assertThat(rules).contains(finding.rule());
      assertThat(finding.by()).isNotEqualTo(finding.rule());
      if (finding.rule().methods().isEmpty() && !finding.rule().pattern().contains("*")) {
        assertThat(compiled.find("GET", finding.rule().pattern())).isNotEqualTo(finding.rule());
      }
    }
  }

  private static int strictness(AccessRule rule) {
    return strictness(rule.access());
  }

  private static int strictness(Access access) {
    return List.of(
            Access.ANONYMOUS,
            Access.OPTIONAL,
            Access.LOGIN_OR_BEARER,
            Access.LOGIN,
            Access.BEARER,
            Access.DENY)
        .indexOf(access);
  }

  private static Comparator<AccessRule> documentedOrder() {
    return Comparator.comparing(AccessRulesProperties::kinds)
        .thenComparing(rule -> rule.methods().isEmpty())
        .thenComparing(rule -> -strictness(rule));
  }

  /** Literal before one segment before any number of them; the path before what is below it. */
  private static String kinds(AccessRule rule) {
    return rule.pattern()
        .replaceAll("(?<=.)/$", "")
        .replaceAll("[ab]", "1")
        .replace("**", "3")
        .replace("*", "2");
  }

  private static String regex(String pattern) {
    return pattern.replace("/**", "/.{0,}").replace("*", "[^/]+");
  }

  private static String join(List<String> segments) {
    return segments.isEmpty() ? "" : "/" + String.join("/", segments);
  }
}
