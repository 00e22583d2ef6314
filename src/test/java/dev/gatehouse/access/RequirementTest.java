package dev.gatehouse.access;

import static dev.gatehouse.access.Requirement.Answer.NO;
import static dev.gatehouse.access.Requirement.Answer.UNKNOWN;
import static dev.gatehouse.access.Requirement.Answer.YES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.access.Requirement.All;
import dev.gatehouse.access.Requirement.Answer;
import dev.gatehouse.access.Requirement.Any;
import dev.gatehouse.access.Requirement.Claim;
import dev.gatehouse.access.Requirement.Not;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Claims with any, all and not; what is not known opens nothing. */
class RequirementTest {
  private static final Requirement ADMIN = claim("groups", "admins", "ops");
  private static final Requirement IT = claim("dept", "it");
  private static final Requirement EXTERNAL = claim("status", "external");
  private static final Requirement OFFICE =
      new Any(List.of(ADMIN, new All(List.of(IT, new Not(EXTERNAL)))));

  private static Requirement claim(String name, String... values) {
    return new Claim(new ClaimPath(name), Set.of(values));
  }

  static Stream<Arguments> users() {
    return Stream.of(
        Arguments.of(Map.of("groups", List.of("ops")), YES),
        Arguments.of(Map.of("groups", "admins", "status", "external"), YES),
        Arguments.of(Map.of("groups", List.of(), "dept", "it", "status", "internal"), YES),
        Arguments.of(Map.of("dept", "it", "status", "internal"), YES),
        Arguments.of(Map.of("groups", List.of(), "dept", "it", "status", "external"), NO),
        Arguments.of(Map.of("groups", List.of("users"), "dept", "hr", "status", "internal"), NO),
        Arguments.of(Map.of("groups", List.of("users"), "dept", "it"), UNKNOWN),
        Arguments.of(Map.of("dept", "it", "status", "External"), UNKNOWN),
        Arguments.of(Map.of(), UNKNOWN));
  }

  @ParameterizedTest
  @MethodSource("users")
  void anyAllAndNotAreJudgedTogether(Map<String, Object> claims, Answer answer) {
    assertThat(OFFICE.judge(claims)).isEqualTo(answer);
  }

  static Stream<Object> untold() {
    return Stream.of(
        "",
        "  ",
        "External",
        "external ",
        "external\u00a0",
        "external\u200b",
        "\ufeffexternal",
        "exter\u00adnal",
        "\uff45\uff58\uff54\uff45\uff52\uff4e\uff41\uff4c",
        "external\u0000",
        Map.of("value", "internal"),
        Map.of(),
        1e300,
        List.of("internal", Map.of()),
        List.of("internal", ""),
        List.of("internal", "EXTERNAL"),
        List.of(List.of("internal")));
  }

  @ParameterizedTest
  @MethodSource("untold")
  void claimThatDoesNotTellOpensNothingNotEvenBehindNot(Object value) {
    Requirement notExternal = new Not(EXTERNAL);
    assertThat(notExternal.judge(Map.of("status", "internal"))).isEqualTo(YES);
    assertThat(notExternal.judge(Map.of("status", List.of("internal")))).isEqualTo(YES);

    assertThat(notExternal.judge(Map.of("status", value))).isEqualTo(UNKNOWN);
    assertThat(EXTERNAL.judge(Map.of("status", value))).isEqualTo(UNKNOWN);
  }

  /** An accent may be a character of its own. */
  @Test
  void otherWayToWriteAValueDoesNotTell() {
    Requirement notEleve = new Not(claim("status", "\u00e9l\u00e8ve"));
    assertThat(notEleve.judge(Map.of("status", "eleve"))).isEqualTo(YES);

    assertThat(notEleve.judge(Map.of("status", "e\u0301le\u0300ve"))).isEqualTo(UNKNOWN);
    assertThat(notEleve.judge(Map.of("status", "\u00c9L\u00c8VE"))).isEqualTo(UNKNOWN);
  }

  @Test
  void absentAndNullClaimsTellNothing() {
    Map<String, Object> nothing = new java.util.HashMap<>();
    nothing.put("status", null);

    assertThat(new Not(EXTERNAL).judge(nothing)).isEqualTo(UNKNOWN);
    assertThat(new Not(EXTERNAL).judge(Map.of())).isEqualTo(UNKNOWN);
    assertThat(new Not(claim("org.kind", "x")).judge(Map.of("org", Map.of()))).isEqualTo(UNKNOWN);
    assertThat(new Not(claim("org.kind", "x")).judge(Map.of("org", Map.of("kind", "y"))))
        .isEqualTo(YES);
    assertThat(new Not(EXTERNAL).judge(Map.of("status", Arrays.asList("internal", null))))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void emptyListSaysThatThereIsNone() {
    assertThat(new Not(ADMIN).judge(Map.of("groups", List.of()))).isEqualTo(YES);
    assertThat(ADMIN.judge(Map.of("groups", List.of()))).isEqualTo(NO);
  }

  @Test
  void unprovenAddressRulesNothingOut() {
    Requirement other = new Not(claim("email", "eve@example.com"));
    Map<String, Object> alice = Map.of("email", "alice@example.com", "email_verified", true);
    assertThat(other.judge(alice)).isEqualTo(YES);

    assertThat(other.judge(Map.of("email", "alice@example.com"))).isEqualTo(UNKNOWN);
  }

  @Test
  void numbersAndBooleansAreJudgedByTheirText() {
    Map<String, Object> claims = Map.of("level", 3, "staff", true);

    assertThat(new Not(claim("level", "4")).judge(claims)).isEqualTo(YES);
    assertThat(claim("level", "3").judge(claims)).isEqualTo(YES);
    assertThat(new Not(claim("staff", "false")).judge(claims)).isEqualTo(YES);
    assertThat(claim("staff", "false").judge(claims)).isEqualTo(NO);
  }

  @Test
  void isPrintedAsItIsRead() {
    assertThat(OFFICE)
        .hasToString("groups [admins, ops] or (dept [it] and not (status [external]))");
  }

  @Provide
  Arbitrary<Requirement> requirements() {
    Arbitrary<Requirement> claims =
        Combinators.combine(Arbitraries.of("a", "b", "c"), Arbitraries.of("x", "y", "true"))
            .as((name, value) -> claim(name, value));
    // Fewer than one part more for each on the average, or some would have no end.
    return Arbitraries.lazyOf(
        () -> claims,
        () -> claims,
        () -> claims,
        () -> requirements().map(Not::new),
        () -> requirements().list().ofMinSize(1).ofMaxSize(2).map(Any::new),
        () -> requirements().list().ofMinSize(1).ofMaxSize(2).map(All::new));
  }

  @Provide
  Arbitrary<Map<String, Object>> claims() {
    Arbitrary<Object> values =
        Arbitraries.of("x", "y", "X", "", true, 1, List.of("x"), List.of(), Map.of("x", "y"));
    return Arbitraries.maps(Arbitraries.of("a", "b", "c"), values);
  }

  /** Whoever hides claims, or lets the OP leave them out, gains nothing. */
  @Property(tries = 500)
  void hidingAClaimOpensNothing(
      @ForAll("requirements") Requirement requirement,
      @ForAll("claims") Map<String, Object> claims,
      @ForAll("names") String hidden) {
    Map<String, Object> fewer = new java.util.HashMap<>(claims);
    fewer.remove(hidden);

    Answer less = requirement.judge(fewer);
    if (less != UNKNOWN) {
      assertThat(requirement.judge(claims)).isEqualTo(less);
    }
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("a", "b", "c");
  }

  @Property(tries = 200)
  void oppositeOfTheOppositeIsTheSame(
      @ForAll("requirements") Requirement requirement,
      @ForAll("claims") Map<String, Object> claims) {
    assertThat(new Not(new Not(requirement)).judge(claims)).isEqualTo(requirement.judge(claims));
  }

  @Test
  void whatNobodyCanMeetIsFound() {
    assertThat(Contradiction.in(new All(List.of(IT, new Not(IT))))).contains(IT);
    assertThat(Contradiction.in(new All(List.of(ADMIN, new All(List.of(IT)), new Not(IT)))))
        .contains(IT);
    List<Requirement> both = new ArrayList<>(List.of(new All(List.of(IT, new Not(IT)))));
    assertThat(Contradiction.in(new Any(both))).contains(IT);
    both.add(ADMIN);
    assertThat(Contradiction.in(new Any(both))).isEmpty();
    assertThat(Contradiction.in(OFFICE)).isEmpty();
  }
}
