package dev.gatehouse.access;

import static dev.gatehouse.access.RuleRecipe.requiring;
import static dev.gatehouse.access.RuleRecipe.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequiredClaimsTest {

  @Test
  void ruleThatRequiresNothingIsSatisfied() {
    assertThat(AccessRules.satisfied(rule("/a", AccessRule.Access.LOGIN), Map.of())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Admins", "admin", "adminss", " admins", "admins ", "admins,users", ""})
  void valueIsComparedExactly(String value) {
    assertThat(has("groups", "admins", "admins")).isTrue();

    assertThat(has("groups", value, "admins")).isFalse();
    assertThat(has("groups", List.of(value), "admins")).isFalse();
  }

  @Test
  void oneOfTheValuesIsEnough() {
    assertThat(has("groups", List.of("users", "admins"), "admins", "owners")).isTrue();
    assertThat(has("groups", "owners", "admins", "owners")).isTrue();

    assertThat(has("groups", List.of("users", "guests"), "admins", "owners")).isFalse();
    assertThat(has("groups", List.of(), "admins")).isFalse();
  }

  static Stream<Arguments> jsonValues() {
    return Stream.of(
        Arguments.of(7, "7"),
        Arguments.of(130910921L, "130910921"),
        Arguments.of(7.0, "7"),
        Arguments.of(0.5, "0.5"),
        Arguments.of(new BigDecimal("1E3"), "1000"),
        Arguments.of(true, "true"),
        Arguments.of(false, "false"));
  }

  @ParameterizedTest
  @MethodSource("jsonValues")
  void numbersAndBooleansAreComparedByTheirText(Object claim, String value) {
    assertThat(has("level", claim, value)).isTrue();
    assertThat(has("level", List.of("x", claim), value)).isTrue();
    assertThat(has("level", claim, value + "0")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e17, 9007199254740993d, Double.NaN, Double.POSITIVE_INFINITY})
  void numberThatMayHaveLostADigitMatchesNothing(double number) {
    assertThat(ClaimText.of(number)).isEmpty();
    assertThat(ClaimText.of(9007199254740991d)).contains("9007199254740991");
  }

  @Test
  void hugeExponentCostsNothing() {
    assertThat(ClaimText.of(new BigDecimal("1E+999999999"))).isEmpty();
    assertThat(ClaimText.of(new BigDecimal("1E-999999999"))).isEmpty();
    assertThat(ClaimText.of(new BigDecimal("0E+999999999"))).isEmpty();
  }

  @Test
  void objectsAndNullsMatchNothing() {
    assertThat(has("groups", Map.of("admins", true), "admins", "true")).isFalse();
    assertThat(has("groups", List.of(List.of("admins")), "admins")).isFalse();
    assertThat(has("groups", Arrays.asList(null, "x"), "admins", "null")).isFalse();
    assertThat(has("other", "admins", "admins")).isTrue();
    assertThat(AccessRules.satisfied(requiring("/a", "groups", "null"), Map.of())).isFalse();
  }

  @Test
  void everyRequiredClaimHasToBeThere() {
    AccessRule both =
        new AccessRule(
            "/a",
            Set.of(),
            AccessRule.Access.LOGIN,
            Map.of("groups", Set.of("admins"), "dept", Set.of("it")),
            Set.of(),
            0);

    assertThat(AccessRules.satisfied(both, Map.of("groups", "admins", "dept", "it"))).isTrue();
    assertThat(AccessRules.satisfied(both, Map.of("groups", "admins"))).isFalse();
    assertThat(AccessRules.satisfied(both, Map.of("dept", "it"))).isFalse();
  }

  static Stream<Object> notTrue() {
    return Stream.of(false, "true", "false", 1, List.of(true), Map.of());
  }

  @Rule("TH-IDT-16")
  @ParameterizedTest
  @MethodSource("notTrue")
  void emailCountsOnlyWhenVerifiedIsTheBooleanTrue(Object verified) {
    AccessRule rule = requiring("/a", "email", "alice@example.com");
    Map<String, Object> alice = Map.of("email", "alice@example.com", "email_verified", true);
    assertThat(AccessRules.satisfied(rule, alice)).isTrue();

    assertThat(
            AccessRules.satisfied(
                rule, Map.of("email", "alice@example.com", "email_verified", verified)))
        .isFalse();
    assertThat(AccessRules.satisfied(rule, Map.of("email", "alice@example.com"))).isFalse();
  }

  @Test
  void dottedNameLeadsIntoAnObject() {
    Map<String, Object> claims =
        Map.of(
            "realm_access", Map.of("roles", List.of("admin")),
            "resource_access", Map.of("my.app", Map.of("roles", List.of("editor"))));

    assertThat(AccessRules.satisfied(requiring("/a", "realm_access.roles", "admin"), claims))
        .isTrue();
    assertThat(
            AccessRules.satisfied(
                requiring("/a", "resource_access.my.app.roles", "editor"), claims))
        .isTrue();
    assertThat(AccessRules.satisfied(requiring("/a", "realm_access.role", "admin"), claims))
        .isFalse();
    assertThat(AccessRules.satisfied(requiring("/a", "realm_access", "admin"), claims)).isFalse();
  }

  @Test
  void claimWhoseOwnNameHasTheDotWins() {
    Map<String, Object> claims =
        Map.of("https://app.example/roles", "admin", "a", Map.of("b", "inner"), "a.b", "outer");

    assertThat(new ClaimPath("https://app.example/roles").in(claims)).contains("admin");
    assertThat(new ClaimPath("a.b").in(claims)).contains("outer");
    assertThat(new ClaimPath("a.c").in(claims)).isEmpty();
    assertThat(new ClaimPath(".").in(claims)).isEmpty();
    assertThat(new ClaimPath("a.").in(claims)).isEmpty();
  }

  private static boolean has(String claim, Object value, String... wanted) {
    return AccessRules.satisfied(requiring("/a", claim, wanted), Map.of(claim, value));
  }
}
