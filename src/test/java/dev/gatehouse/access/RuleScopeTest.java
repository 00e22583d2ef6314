package dev.gatehouse.access;

import static dev.gatehouse.access.AccessRule.Access.ANONYMOUS;
import static dev.gatehouse.access.AccessRule.Access.DENY;
import static dev.gatehouse.access.AccessRule.Access.LOGIN;
import static dev.gatehouse.access.AccessRule.Access.OPTIONAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AccessRule.Access;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts choose a rule; networks and conditions choose none; letter case as the app has it. */
class RuleScopeTest {
  private static final String A = "a.example";
  private static final String B = "b.example";

  private static AccessRule at(String pattern, Access access, Set<String> hosts, String... blocks) {
    return new AccessRule(
        pattern,
        Set.of(),
        hosts,
        networks(blocks),
        access,
        Requirement.NONE,
        List.of(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Handling.USUAL,
        0);
  }

  private static List<Cidr> networks(String... blocks) {
    return List.of(blocks).stream().map(block -> Cidr.parse(block).orElseThrow()).toList();
  }

  private static Optional<InetAddress> client(String address) throws Exception {
    return Optional.of(InetAddress.getByName(address));
  }

  @Test
  void ruleForAHostHoldsThereAloneAndBeforeOneForAll() {
    AccessRule everywhere = at("/x", LOGIN, Set.of());
    AccessRule there = at("/x", ANONYMOUS, Set.of(A));
    List<AccessRule> rules = List.of(everywhere, there);

    assertThat(AccessRules.at(A, rules, LetterCase.EXACT).find("GET", "/x")).isEqualTo(there);
    assertThat(AccessRules.at(B, rules, LetterCase.EXACT).find("GET", "/x")).isEqualTo(everywhere);
    assertThat(RuleRecipe.findings(rules, A, B)).isEmpty();
  }

  @Test
  @Rule("TH-PATH-8")
  void ruleThatHoldsAtNoHostIsReported() {
    AccessRule everywhere = at("/x", LOGIN, Set.of());
    AccessRule both = at("/x", ANONYMOUS, Set.of(A, B));
    AccessRule deny = at("/x", DENY, Set.of(A));

    assertThat(RuleRecipe.findings(List.of(everywhere, both), A, B))
        .extracting(RuleFinding::rule)
        .containsExactly(everywhere);
    assertThat(RuleRecipe.findings(List.of(both, deny), A, B))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.rule()).isEqualTo(both);
              assertThat(found.by()).isEqualTo(deny);
              assertThat(found.message()).startsWith("At a.example: ");
            });
  }

  /** Who denies a method may not know that some host has a rule of its own. */
  @Test
  @Rule("TH-PATH-8")
  void methodThatAHostLetsThroughIsReported() {
    AccessRule deny = new AccessRule("/x", Set.of("DELETE"), DENY, Map.of(), Set.of(), 0);
    AccessRule open = at("/x", ANONYMOUS, Set.of(A));

    assertThat(RuleRecipe.findings(List.of(deny, at("/x", DENY, Set.of(A))), A, B)).isEmpty();
    assertThat(RuleRecipe.findings(List.of(deny, open), A, B))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.rule()).isEqualTo(deny);
              assertThat(found.by()).isEqualTo(open);
              assertThat(found.message()).startsWith("At a.example: ").contains("DELETE");
            });
  }

  @Test
  @Rule("TH-PATH-8")
  void rulesThatOnlyTheirConditionsTellApartAreReported() {
    AccessRule home = at("/x", LOGIN, Set.of(), "10.0.0.0/8");
    AccessRule away = at("/x", LOGIN, Set.of());

    assertThat(RuleRecipe.findings(home, away))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.rule()).isEqualTo(away);
              assertThat(found.message()).contains("networks").contains("chooses no rule");
            });
    assertThat(
            RuleRecipe.findings(
                RuleRecipe.requiring("/x", "groups", "a"),
                RuleRecipe.requiring("/x", "groups", "b")))
        .hasSize(1);
    assertThat(RuleRecipe.findings(home, at("/x/y", LOGIN, Set.of()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, true",
    "10.255.255.255, true",
    "11.0.0.0, false",
    "9.255.255.255, false",
    "::ffff:10.1.2.3, true",
    "2001:db8::1, true",
    "2001:db9::1, false",
    "::1, false",
  })
  void addressIsInOneOfTheNetworks(String address, boolean in) throws Exception {
    AccessRule rule = at("/x", LOGIN, Set.of(), "10.0.0.0/8", "2001:db8::/32");

    assertThat(rule.admits(client(address))).isEqualTo(in);
    assertThat(rule.admits(Optional.empty())).isFalse();
    assertThat(at("/x", LOGIN, Set.of()).admits(Optional.empty())).isTrue();
  }

  @Test
  void whatOpensForANetworkOpensNothingElsewhere() {
    AccessRule whole = at("/**", ANONYMOUS, Set.of());
    AccessRule inner = at("/in/**", OPTIONAL, Set.of(), "10.0.0.0/8");
    AccessRule admins = RuleRecipe.requiring("/in/admin/**", "groups", "admins");
    AccessRule status = at("/in/admin/status", ANONYMOUS, Set.of(), "10.0.0.0/8");
    AccessRules rules = RuleRecipe.rules(whole, inner, admins, status);

    assertThat(rules.find("GET", "/in/x")).isEqualTo(inner);
    assertThat(rules.elsewhere("GET", "/in/x").access()).isEqualTo(LOGIN);
    assertThat(rules.find("GET", "/in/admin/status")).isEqualTo(status);
    assertThat(rules.elsewhere("GET", "/in/admin/status")).isEqualTo(admins);
    assertThat(rules.find("GET", "/x")).isEqualTo(whole);
  }

  @ParameterizedTest
  @Rule("TH-PATH-6")
  @ValueSource(strings = {"/static/x", "/STATIC/x", "/Static/a/b", "/stAtic/"})
  void caseInsensitiveAppIsOpenedInAnyCaseAndClosedInAnyCase(String path) {
    List<AccessRule> rules =
        List.of(
            RuleRecipe.rule("/static/**", ANONYMOUS),
            RuleRecipe.rule("/static/a/Secret", LOGIN),
            RuleRecipe.rule("/static/a/secret/open", ANONYMOUS));
    AccessRules exact = new AccessRules(rules);
    AccessRules folded = new AccessRules(rules, LetterCase.FOLDED);

    assertThat(folded.find("GET", path).access()).isEqualTo(ANONYMOUS);
    assertThat(exact.find("GET", path).access())
        .isEqualTo(path.startsWith("/static/") ? ANONYMOUS : LOGIN);
    for (AccessRules compiled : List.of(exact, folded)) {
      assertThat(compiled.find("GET", "/STATIC/A/secret").access()).isEqualTo(LOGIN);
      assertThat(compiled.find("GET", "/static/a/SECRET.json").access()).isEqualTo(LOGIN);
      assertThat(compiled.find("GET", "/static/a/secret.").access()).isEqualTo(LOGIN);
      assertThat(compiled.find("GET", "/static/a/secret/").access()).isEqualTo(LOGIN);
    }
    assertThat(folded.find("GET", "/static/A/SECRET/OPEN").access()).isEqualTo(ANONYMOUS);
  }

  /** Characters that only Unicode takes for the same letter are other paths to the app. */
  @ParameterizedTest
  @Rule("TH-PATH-6")
  @ValueSource(strings = {"/\u017ftatic/x", "/\u212aey/x"})
  void onlyAsciiLettersOpen(String path) {
    AccessRules folded =
        new AccessRules(
            List.of(
                RuleRecipe.rule("/static/**", ANONYMOUS), RuleRecipe.rule("/key/**", ANONYMOUS)),
            LetterCase.FOLDED);

    assertThat(folded.find("GET", "/KEY/x").access()).isEqualTo(ANONYMOUS);
    assertThat(folded.find("GET", path).access()).isEqualTo(LOGIN);
  }

  @Test
  void twoSpellingsOfOnePathAreReportedWhereTheyAreOne() {
    List<AccessRule> rules = List.of(RuleRecipe.rule("/A", DENY), RuleRecipe.rule("/a", ANONYMOUS));

    assertThat(AccessRules.findings(rules, List.of(A), LetterCase.FOLDED))
        .extracting(RuleFinding::rule)
        .containsExactly(rules.get(1));
    assertThat(AccessRules.findings(rules, List.of(A), LetterCase.EXACT)).isEmpty();
  }

  @Test
  void contextIsAskedOfTheTokenAndNotOfTheUser() {
    AccessRule gold =
        new AccessRule("/x", Set.of(), LOGIN, Map.of("acr", Set.of("gold")), Set.of(), 0);

    assertThat(gold.acr()).containsExactly("gold");
    assertThat(AccessRules.satisfied(gold, Map.of("acr", "gold"))).isTrue();
    assertThat(AccessRules.satisfied(gold, Map.of("acr", "silver"))).isFalse();
    assertThat(AccessRules.satisfied(gold, Map.of())).isFalse();
    assertThat(AccessRules.satisfiedByUser(gold, Map.of())).isTrue();
    assertThat(RuleRecipe.rules(gold).claimNames()).containsExactly("acr");
  }
}
