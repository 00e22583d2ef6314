package dev.gatehouse.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AccessRule.Access;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two rules for one request. */
@Rule("TH-HTTP-9")
class CombinedRuleTest {
  private static AccessRule rule(
      Access access, Map<String, Set<String>> require, String... scopes) {
    return rule(access, require, Optional.empty(), Optional.empty(), scopes);
  }

  private static AccessRule rule(
      Access access,
      Map<String, Set<String>> require,
      Optional<Duration> maxAge,
      Optional<String> provider,
      String... scopes) {
    return new AccessRule(
        "/x/**", Set.of(), access, require, Set.of(scopes), maxAge, provider, Handling.USUAL, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "ANONYMOUS, ANONYMOUS, ANONYMOUS",
    "ANONYMOUS, OPTIONAL, ANONYMOUS",
    "OPTIONAL, ANONYMOUS, OPTIONAL",
    "ANONYMOUS, LOGIN, LOGIN",
    "LOGIN, ANONYMOUS, LOGIN",
    "OPTIONAL, BEARER, BEARER",
    "LOGIN_OR_BEARER, LOGIN, LOGIN",
    "LOGIN_OR_BEARER, BEARER, BEARER",
    "LOGIN, LOGIN_OR_BEARER, LOGIN",
    "BEARER, LOGIN_OR_BEARER, BEARER",
    "BEARER, LOGIN, DENY",
    "LOGIN, BEARER, DENY",
    "ANONYMOUS, DENY, DENY",
    "LOGIN, DENY, DENY",
    "LOGIN_OR_BEARER, DENY, DENY",
    "DENY, ANONYMOUS, DENY",
    "DENY, BEARER, DENY",
    "DENY, LOGIN_OR_BEARER, DENY"
  })
  void onlyWhoPassesByEachPasses(Access own, Access other, Access both) {
    assertThat(CombinedRule.of(rule(own, Map.of(), "a"), rule(other, Map.of(), "b")).access())
        .isEqualTo(both);
  }

  @Test
  void whatEachDemandsIsDemanded() {
    AccessRule both =
        CombinedRule.of(
            rule(
                Access.LOGIN,
                Map.of("groups", Set.of("editors")),
                Optional.of(Duration.ofMinutes(5)),
                Optional.empty(),
                "read"),
            rule(
                Access.LOGIN,
                Map.of("groups", Set.of("admins")),
                Optional.of(Duration.ofMinutes(2)),
                Optional.of("staff"),
                "write"));

    assertThat(both.scopes()).containsExactlyInAnyOrder("read", "write");
    assertThat(both.maxAge()).contains(Duration.ofMinutes(2));
    assertThat(both.provider()).contains("staff");
    assertThat(satisfied(both, "editors")).isFalse();
    assertThat(satisfied(both, "admins")).isFalse();
    assertThat(satisfied(both, "admins", "editors")).isTrue();
  }

  private static boolean satisfied(AccessRule rule, String... groups) {
    return rule.require().judge(Map.of("groups", List.of(groups))) == Requirement.Answer.YES;
  }

  @Test
  void nobodyPassesWhoWouldHaveToBeTwo() {
    AccessRule staff = rule(Access.LOGIN, Map.of(), Optional.empty(), Optional.of("staff"));
    AccessRule partners = rule(Access.LOGIN, Map.of(), Optional.empty(), Optional.of("partners"));
    assertThat(CombinedRule.of(staff, partners).access()).isEqualTo(Access.DENY);

    AccessRule gold = rule(Access.LOGIN, Map.of("acr", Set.of("gold")));
    AccessRule silver = rule(Access.LOGIN, Map.of("acr", Set.of("silver")));
    AccessRule either = rule(Access.LOGIN, Map.of("acr", Set.of("gold", "silver")));
    assertThat(CombinedRule.of(gold, silver).access()).isEqualTo(Access.DENY);
    assertThat(CombinedRule.of(either, silver).acr()).containsExactly("silver");
    assertThat(CombinedRule.of(either, silver).access()).isEqualTo(Access.LOGIN);
  }

  @Test
  void theSameRuleTwiceIsOne() {
    AccessRule rule = rule(Access.LOGIN, Map.of("groups", Set.of("a")));

    assertThat(CombinedRule.of(rule, rule)).isSameAs(rule);
  }
}
