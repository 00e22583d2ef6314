package dev.gatehouse.access;

import static dev.gatehouse.access.AccessRule.Access.ANONYMOUS;
import static dev.gatehouse.access.AccessRule.Access.BEARER;
import static dev.gatehouse.access.AccessRule.Access.DENY;
import static dev.gatehouse.access.AccessRule.Access.LOGIN;
import static dev.gatehouse.access.AccessRule.Access.LOGIN_OR_BEARER;
import static dev.gatehouse.access.AccessRule.Access.OPTIONAL;
import static dev.gatehouse.access.RuleRecipe.findings;
import static dev.gatehouse.access.RuleRecipe.requiring;
import static dev.gatehouse.access.RuleRecipe.rule;
import static dev.gatehouse.access.RuleRecipe.rules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AccessRule.Access;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessRulesTest {

  @Rule("TH-CFG-15")
  @ParameterizedTest
  @ValueSource(strings = {"/", "/x", "/x/y/z", "*", "/public"})
  void whatNoRuleNamesNeedsALogin(String path) {
    AccessRule rule = rules(rule("/public/**", ANONYMOUS)).find("GET", path);

    assertThat(rule.access()).isEqualTo(LOGIN);
    assertThat(rule.require().isEmpty()).isTrue();
  }

  @Rule("TH-PATH-7")
  @ParameterizedTest
  @CsvSource({
    "/public/**, /public/, true",
    "/public/**, /public/a, true",
    "/public/**, /public/a/b/c.css, true",
    "/public/**, /public, false",
    "/public/**, /publicity, false",
    "/public/**, /publi, false",
    "/public/**, /x/public/a, false",
    "/public/**, /Public/a, false",
    "/public/**, /public./a, false",
    "/**, /, true",
    "/**, /a/b, true",
    "/**, *, false",
    "/, /, true",
    "/, /a, false",
    "/a, /a, true",
    "/a, /a/, false",
    "/a, /a., false",
    "/a, /a.json, false",
    "/a, /A, false",
    "/a, '/a ', false",
    "/a, /a/b, false",
    "/a/, /a/, true",
    "/a/, /a, false",
    "/*, /a, true",
    "/*, /, false",
    "/*, /a/, false",
    "/*, /a/b, false",
    "/a/*/c, /a/b/c, true",
    "/a/*/c, /a/c, false",
    "/a/*/c, /a/b/b/c, false",
    "/a/*/**, /a/b/, true",
    "/a/*/**, /a/b, false",
    "/a/*/**, /a/, false",
    "/山/**, /山/x, true"
  })
  void openingRuleHoldsForWhatItSaysAndNoMore(String pattern, String path, boolean open) {
    Access access = rules(rule(pattern, ANONYMOUS)).find("GET", path).access();

    assertThat(access).isEqualTo(open ? ANONYMOUS : LOGIN);
  }

  @Rule("TH-PATH-6")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin",
        "/admin/",
        "/admin.",
        "/admin ",
        "/admin...",
        "/admin. .",
        "/admin.json",
        "/admin.json/",
        "/admin.x.y.z",
        "/admin.JSON.",
        "/ADMIN",
        "/Admin/",
        "/aDmin.Html"
      })
  void protectedPathStaysProtectedInEverySpelling(String path) {
    AccessRule open = rule("/**", ANONYMOUS);
    assertThat(rules(open).find("GET", path)).isEqualTo(open);

    for (String pattern : List.of("/admin", "/admin/", "/admin/**")) {
      AccessRule deny = rule(pattern, DENY);
      assertThat(rules(open, deny).find("GET", path)).isEqualTo(deny);
      assertThat(rules(open, deny).find("HEAD", path)).isEqualTo(deny);
      assertThat(rules(rule("/*", ANONYMOUS), open, deny).find("GET", path)).isEqualTo(deny);
    }
  }

  @Rule("TH-PATH-6")
  @ParameterizedTest
  @EnumSource(
      value = Access.class,
      names = {"LOGIN", "BEARER", "LOGIN_OR_BEARER", "DENY"})
  void everyProtectingAccessCoversTheOtherSpellings(Access access) {
    AccessRules rules = rules(rule("/**", ANONYMOUS), rule("/a/admin/**", access));

    assertThat(rules.find("GET", "/a/admin/x").access()).isEqualTo(access);
    assertThat(rules.find("GET", "/a/admin").access()).isEqualTo(access);
    assertThat(rules.find("GET", "/A./admin.json").access()).isEqualTo(access);
    assertThat(rules.find("GET", "/A /ADMIN/x").access()).isEqualTo(access);
    assertThat(rules.find("GET", "/a/administrator").access()).isEqualTo(ANONYMOUS);
    assertThat(rules.find("GET", "/a/admin-x").access()).isEqualTo(ANONYMOUS);
    assertThat(rules.find("GET", "/a/xadmin").access()).isEqualTo(ANONYMOUS);
  }

  @Rule("TH-PATH-6")
  @Test
  void ruleForTheVeryFileOpensWhatTheRuleForItsStemProtects() {
    AccessRules rules =
        rules(rule("/report", DENY), rule("/report.pdf", ANONYMOUS), rule("/Report", OPTIONAL));

    assertThat(rules.find("GET", "/report.pdf").access()).isEqualTo(ANONYMOUS);
    assertThat(rules.find("GET", "/Report").access()).isEqualTo(OPTIONAL);
    assertThat(rules.find("GET", "/report.txt").access()).isEqualTo(DENY);
    assertThat(rules.find("GET", "/REPORT").access()).isEqualTo(DENY);
    assertThat(rules.find("GET", "/report").access()).isEqualTo(DENY);
  }

  @Rule("TH-PATH-6")
  @Test
  void slashAtTheEndOpensNothing() {
    AccessRules rules = rules(rule("/admin", DENY), rule("/admin/", ANONYMOUS));

    assertThat(rules.find("GET", "/admin/").access()).isEqualTo(DENY);
    assertThat(rules.find("GET", "/admin").access()).isEqualTo(DENY);
    assertThat(rules(rule("/admin/", ANONYMOUS)).find("GET", "/admin/").access())
        .isEqualTo(ANONYMOUS);
  }

  @Rule("TH-PATH-6")
  @Test
  void otherSpellingNeverReplacesAStricterRule() {
    AccessRules rules = rules(rule("/**", DENY), rule("/X", LOGIN), rule("/y", LOGIN));

    assertThat(rules.find("GET", "/X").access()).isEqualTo(LOGIN);
    assertThat(rules.find("GET", "/x").access()).isEqualTo(DENY);
    assertThat(rules.find("GET", "/y.json").access()).isEqualTo(DENY);
    assertThat(rules.find("GET", "/y/").access()).isEqualTo(DENY);
  }

  @Rule("TH-PATH-8")
  @ParameterizedTest
  @CsvSource({
    "/admin/**, /**, /admin/x",
    "/a/b/**, /a/**, /a/b/c",
    "/a, /*, /a",
    "/a/*, /a/**, /a/b",
    "/a/b, /a/*, /a/b",
    "/a/b/**, /a/*/c, /a/b/c",
    "/a/*/c, /a/**, /a/b/c",
    "/a/*/c, /a/*/*, /a/b/c",
    "/a/*/*, /a/*/**, /a/b/c",
    "/a/**, /*/b/c, /a/b/c",
    "/*/b, /**, /a/b",
    "/a/, /a/**, /a/",
    "/, /**, /"
  })
  void moreSpecificPatternWinsInEitherOrder(String specific, String general, String path) {
    for (Access access : List.of(ANONYMOUS, DENY)) {
      AccessRule expected = rule(specific, access);
      AccessRule other = rule(general, access == DENY ? ANONYMOUS : DENY);

      assertThat(rules(other).find("GET", path)).isEqualTo(other);
      assertThat(rules(expected, other).find("GET", path)).isEqualTo(expected);
      assertThat(rules(other, expected).find("GET", path)).isEqualTo(expected);
    }
  }

  @Rule("TH-PATH-8")
  @Test
  void pathItselfWinsOverWhatIsBelowIt() {
    AccessRule below = rule("/a/**", DENY);
    AccessRule itself = rule("/a", ANONYMOUS);
    assertThat(rules(below).find("GET", "/a")).isEqualTo(below);

    assertThat(rules(below, itself).find("GET", "/a")).isEqualTo(itself);
    assertThat(rules(itself, below).find("GET", "/a/")).isEqualTo(below);
  }

  @Rule("TH-PATH-8")
  @Test
  void lessSpecificPatternHoldsWhereTheMoreSpecificOneLeadsNowhere() {
    AccessRules rules =
        rules(rule("/a/b/c/d", DENY), rule("/*/b/x", OPTIONAL), rule("/a/**", ANONYMOUS));

    assertThat(rules.find("GET", "/a/b/c").access()).isEqualTo(ANONYMOUS);
    assertThat(rules.find("GET", "/a/b/x").access()).isEqualTo(ANONYMOUS);
    assertThat(rules.find("GET", "/z/b/x").access()).isEqualTo(OPTIONAL);
    assertThat(rules.find("GET", "/z/b/y").access()).isEqualTo(LOGIN);
  }

  @Rule("TH-PATH-8")
  @Test
  void ruleForTheMethodWinsOverTheOneForAll() {
    AccessRules rules = rules(rule("/a", DENY), rule("/a", ANONYMOUS, "GET"));

    assertThat(rules.find("GET", "/a").access()).isEqualTo(ANONYMOUS);
    assertThat(rules.find("POST", "/a").access()).isEqualTo(DENY);
  }

  @Rule("TH-PATH-8")
  @Test
  void ruleForOtherMethodsLeavesTheLessSpecificOneInPlace() {
    AccessRules rules = rules(rule("/a/b", DENY, "POST", "PUT"), rule("/a/**", OPTIONAL));

    assertThat(rules.find("POST", "/a/b").access()).isEqualTo(DENY);
    assertThat(rules.find("GET", "/a/b").access()).isEqualTo(OPTIONAL);
  }

  @Rule("TH-PATH-8")
  @Test
  void stricterOfTwoRulesForOnePatternWins() {
    List<Access> fromWeakToStrict =
        List.of(ANONYMOUS, OPTIONAL, LOGIN_OR_BEARER, LOGIN, BEARER, DENY);

    for (int i = 1; i < fromWeakToStrict.size(); i++) {
      AccessRule weak = rule("/a", fromWeakToStrict.get(i - 1));
      AccessRule strict = rule("/a", fromWeakToStrict.get(i));
      assertThat(rules(weak, strict).find("GET", "/a")).isEqualTo(strict);
      assertThat(rules(strict, weak).find("GET", "/a")).isEqualTo(strict);
    }
    AccessRule admins = requiring("/a", "groups", "admins");
    assertThat(rules(admins, rule("/a", LOGIN)).find("GET", "/a")).isEqualTo(admins);
  }

  @Rule("TH-HTTP-10")
  @Test
  void headIsJudgedAsGet() {
    AccessRules rules =
        rules(rule("/a", ANONYMOUS, "GET"), rule("/b", DENY, "GET"), rule("/c", DENY, "HEAD"));

    assertThat(rules.find("HEAD", "/a").access()).isEqualTo(ANONYMOUS);
    assertThat(rules.find("HEAD", "/b").access()).isEqualTo(DENY);
    assertThat(rules.find("GET", "/c").access()).isEqualTo(DENY);
  }

  @Rule("TH-HTTP-10")
  @Test
  void namingHeadAloneOpensNothing() {
    AccessRules rules = rules(rule("/a", ANONYMOUS, "HEAD"));

    assertThat(rules.find("HEAD", "/a").access()).isEqualTo(LOGIN);
    assertThat(rules.find("GET", "/a").access()).isEqualTo(LOGIN);
    assertThat(findings(rule("/a", ANONYMOUS, "HEAD")))
        .singleElement()
        .satisfies(found -> assertThat(found.message()).contains("HEAD").contains("GET"));
  }

  @Rule("TH-HTTP-10")
  @ParameterizedTest
  @ValueSource(strings = {"JEFF", "get", "Post", "PROPFIND", "GETS", "", "GET "})
  void unknownMethodFallsUnderTheStrictestRule(String method) {
    AccessRules rules =
        rules(
            rule("/**", ANONYMOUS),
            rule("/admin/**", DENY, "GET", "POST"),
            rule("/form", ANONYMOUS, "GET"),
            rule("/form", DENY, "POST"));

    assertThat(rules.find("PUT", "/admin/x").access()).isEqualTo(ANONYMOUS);
    assertThat(rules.find(method, "/admin/x").access()).isEqualTo(DENY);
    assertThat(rules.find(method, "/ADMIN").access()).isEqualTo(DENY);
    assertThat(rules.find(method, "/form").access()).isEqualTo(DENY);
    assertThat(rules.find(method, "/x").access()).isEqualTo(ANONYMOUS);
    assertThat(rules(rule("/x", ANONYMOUS, "GET")).find(method, "/x").access()).isEqualTo(LOGIN);
  }

  @Rule("TH-HTTP-10")
  @Test
  void unusualMethodThatARuleNamesFallsUnderIt() {
    AccessRules rules =
        rules(
            rule("/dav/**", OPTIONAL, "PROPFIND"),
            rule("/dav/**", DENY, "POST"),
            rule("/dav/secret", DENY, "GET"));

    assertThat(rules.find("PROPFIND", "/dav/x").access()).isEqualTo(OPTIONAL);
    assertThat(rules.find("MKCOL", "/dav/x").access()).isEqualTo(DENY);
    assertThat(rules.find("PROPFIND", "/dav/secret").access()).isEqualTo(DENY);
  }

  @Test
  void asteriskIsOpenedByNothingButDeniedByWhatDeniesAll() {
    assertThat(rules(rule("/**", ANONYMOUS), rule("/*", OPTIONAL)).find("OPTIONS", "*").access())
        .isEqualTo(LOGIN);
    assertThat(rules(rule("/**", DENY)).find("OPTIONS", "*").access()).isEqualTo(DENY);
    assertThat(rules(rule("/**", LOGIN_OR_BEARER)).find("OPTIONS", "*").access()).isEqualTo(LOGIN);
  }

  @Rule("TH-PATH-8")
  @Test
  void rulesThatNeverHoldAreReportedWithTheOneThatDoes() {
    AccessRule deny = rule("/admin", DENY);
    AccessRule slash = rule("/admin/", ANONYMOUS);
    AccessRule login = rule("/a/**", LOGIN);
    AccessRule open = rule("/a/**", OPTIONAL);

    List<RuleFinding> findings = findings(deny, slash, login, open);

    assertThat(findings).extracting(RuleFinding::rule).containsExactly(slash, open);
    assertThat(findings).extracting(RuleFinding::by).containsExactly(deny, login);
    assertThat(findings.get(0).message()).contains("/admin/ never holds").contains("/admin ");
  }

  @Rule("TH-PATH-8")
  @Test
  void ruleThatLosesOneOfItsMethodsIsReported() {
    AccessRule form = rule("/form", LOGIN, "GET", "POST");
    AccessRule post = rule("/form", DENY, "POST");

    assertThat(findings(form, post))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule()).isEqualTo(form);
              assertThat(finding.by()).isEqualTo(post);
              assertThat(finding.message()).contains("does not hold for POST");
            });
  }

  @Test
  void rulesThatDivideTheirPathsAreNotReported() {
    assertThat(
            findings(
                rule("/**", ANONYMOUS),
                rule("/*", LOGIN),
                rule("/a/**", DENY),
                rule("/a/*", LOGIN),
                rule("/a/b", ANONYMOUS),
                rule("/a/b", LOGIN, "POST"),
                rule("/a/*/c", OPTIONAL),
                rule("/a/", OPTIONAL)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "admin",
        "*",
        "**",
        "/a/**/b",
        "/a*",
        "/*.css",
        "/***",
        "//",
        "/a//b",
        "/.",
        "/a/../b",
        "/a/. .",
        "/a;b",
        "/a?b",
        "/a#b",
        "/a\\b",
        "/a%20b",
        "/a%2e",
        "/a\u0000"
      })
  void patternOutsideTheLanguageIsRefusedWithAReason(String pattern) {
    assertThat(AccessRules.problemWith(pattern)).isPresent();
    assertThatThrownBy(() -> rules(rule(pattern, ANONYMOUS)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(AccessRules.problemWith(pattern).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/**", "/*", "/a", "/a/", "/a/*/b/**", "/.well-known/x", "/100%", "/a b/é"})
  void patternOfTheLanguageIsTaken(String pattern) {
    assertThat(AccessRules.problemWith(pattern)).isEmpty();
    assertThat(findings(rule(pattern, ANONYMOUS))).isEmpty();
  }

  @Test
  void claimsThatRulesRequireAreKnown() {
    assertThat(rules(requiring("/a", "groups", "x"), requiring("/b", "email", "y")).claimNames())
        .isEqualTo(Set.of("groups", "email", "email_verified"));
  }
}
