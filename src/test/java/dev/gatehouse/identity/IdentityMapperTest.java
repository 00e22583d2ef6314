package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.IdentityMapper.Mapping;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityMapperTest {
  private static final String OP = "https://op.example";

  static Stream<Arguments> encodings() {
    return Stream.of(
        Arguments.of("alice", "alice"),
        Arguments.of("alice-1", "alice-1"),
        Arguments.of("alice@example.com", "alice@example.com"),
        Arguments.of("CORP\\alice", "CORP\\alice"),
        Arguments.of("auth0|42", "auth0|42"),
        Arguments.of("O'Brien & Co (x)", "O'Brien & Co (x)"),
        Arguments.of("山田%", "%E5%B1%B1%E7%94%B0%25"),
        Arguments.of("山田 % é", "%E5%B1%B1%E7%94%B0 %25 %C3%A9"),
        Arguments.of("😀", "%F0%9F%98%80"),
        Arguments.of("%41", "%2541"),
        Arguments.of("x,admin", "x%2Cadmin"),
        Arguments.of("<b>\"x\";", "%3Cb%3E%22x%22%3B"),
        Arguments.of(" x ", "%20x%20"),
        Arguments.of("  ", "%20%20"),
        Arguments.of(" ", "%20"),
        Arguments.of("a  b", "a  b"),
        Arguments.of(130910921L, "130910921"),
        Arguments.of(
            new BigInteger("123456789012345678901234567890"), "123456789012345678901234567890"),
        Arguments.of(1.5, "1.5"),
        Arguments.of(true, "true"),
        Arguments.of(false, "false"),
        Arguments.of(List.of("a", "b"), "a,b"),
        Arguments.of(List.of("x,admin"), "x%2Cadmin"),
        Arguments.of(List.of("a b", " c ", "é", 7, true), "a b,%20c%20,%C3%A9,7,true"),
        Arguments.of(Arrays.asList("a", null, "", "b"), "a,b"));
  }

  @Rule("TH-HDR-8")
  @Rule("TH-HDR-9")
  @ParameterizedTest
  @MethodSource("encodings")
  void claimIsWrittenInOneReversibleEncoding(Object claim, String value) {
    assertThat(mapped(Map.of("c", claim)).headers()).containsExactly(new HeaderField("X-C", value));
  }

  static Stream<Object> empties() {
    return Stream.of("", List.of(), List.of(""), Arrays.asList(null, ""));
  }

  @Rule("TH-HDR-11")
  @ParameterizedTest
  @MethodSource("empties")
  void emptyClaimMakesNoHeader(Object claim) {
    assertThat(mapped(Map.of("c", "x")).headers()).isNotEmpty();

    assertThat(mapped(Map.of("c", claim)).headers()).isEmpty();
  }

  @Rule("TH-HDR-11")
  @Test
  void missingClaimMakesNoHeaderAndNoOtherClaimTakesItsPlace() {
    Map<String, Object> claims = new HashMap<>(Map.of("d", "x", "C", "x", "c.c", "x"));
    claims.put("c", null);

    assertThat(mapped(claims).headers()).isEmpty();
    assertThat(mapped(Map.of()).headers()).isEmpty();
  }

  @Rule("TH-HDR-11")
  @Test
  void missingRequiredClaimIsRefused() {
    IdentityMapper mapper = new IdentityMapper(Map.of("X-C", "c"), Set.of("x-c"), "groups");
    assertThat(mapper.map(OP, "s", Map.of("c", "x"))).isInstanceOf(Mapping.Mapped.class);

    for (Map<String, Object> claims : List.of(Map.<String, Object>of(), Map.of("c", (Object) ""))) {
      assertThat(mapper.map(OP, "s", claims)).isEqualTo(new Mapping.Refused(403, "claim-missing"));
    }
  }

  @Rule("TH-HDR-7")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\r\nX: b",
        "a\nb",
        "a\rb",
        "\u0000",
        "a\tb",
        "a\u001fb",
        "a\u007f",
        "a\u0085b",
        "a\u009f",
        "\ud800",
        "a\udc00b",
        "\ude00\ud83d",
        "x\ud83d"
      })
  void claimWithAControlCharacterIsRefused(String text) {
    Mapping refused = new Mapping.Refused(502, "claim-chars");
    assertThat(map(Map.of("c", "ab"))).isInstanceOf(Mapping.Mapped.class);

    assertThat(map(Map.of("c", text))).isEqualTo(refused);
    assertThat(map(Map.of("c", List.of("a", text)))).isEqualTo(refused);
    assertThat(map(Map.of("groups", text))).isEqualTo(refused);
    assertThat(map(Map.of("groups", List.of("a", text)))).isEqualTo(refused);
    assertThat(mapper().map(OP, text, Map.of())).isEqualTo(refused);
    assertThat(mapper().map(text, "s", Map.of())).isEqualTo(refused);
  }

  static Stream<Object> unwritable() {
    return Stream.of(
        Map.of("a", "b"),
        List.of(Map.of("a", "b")),
        List.of(List.of("a")),
        1e17,
        Double.NaN,
        new java.math.BigDecimal("1E+999999999"));
  }

  @Rule("TH-HDR-9")
  @ParameterizedTest
  @MethodSource("unwritable")
  void claimThatNoHeaderCanCarryIsRefused(Object claim) {
    assertThat(map(Map.of("c", claim))).isEqualTo(new Mapping.Refused(502, "claim-type"));
    assertThat(map(Map.of("other", claim))).isInstanceOf(Mapping.Mapped.class);
  }

  @Rule("TH-HDR-10")
  @Test
  void longestValueIs4KiBAfterEncoding() {
    Mapping refused = new Mapping.Refused(502, "claim-size");

    assertThat(mapped(Map.of("c", "x".repeat(4096))).headers().get(0).value()).hasSize(4096);
    assertThat(map(Map.of("c", "x".repeat(4097)))).isEqualTo(refused);
    assertThat(map(Map.of("c", "é".repeat(683)))).isEqualTo(refused);
    assertThat(map(Map.of("c", IntStream.range(0, 2000).mapToObj(i -> "group" + i).toList())))
        .isEqualTo(refused);
  }

  @Rule("TH-HDR-10")
  @Test
  void allHeadersTogetherAre16KiB() {
    Map<String, String> headers = Map.of("A", "c", "B", "c", "C", "c", "D", "c");
    IdentityMapper mapper = new IdentityMapper(headers, Set.of(), "groups");
    // Name, colon, space, value, CR, LF: 4 × (1 + 4 + 4091) = 16 KiB.
    assertThat(mapper.map(OP, "s", Map.of("c", "x".repeat(4091))))
        .isInstanceOf(Mapping.Mapped.class);

    assertThat(mapper.map(OP, "s", Map.of("c", "x".repeat(4092))))
        .isEqualTo(new Mapping.Refused(502, "claim-size"));
  }

  @Rule("TH-HDR-12")
  @Test
  void subjectAndIssuerAreTheVerifiedOnes() {
    IdentityMapper mapper =
        new IdentityMapper(Map.of("X-User", "sub", "X-Op", "iss"), Set.of(), "groups");
    Identity identity =
        ((Mapping.Mapped) mapper.map(OP, "248289", Map.of("sub", "other", "iss", "other")))
            .identity();

    assertThat(identity.headers())
        .containsExactlyInAnyOrder(
            new HeaderField("X-User", "248289"), new HeaderField("X-Op", OP));
    assertThat(identity.subject()).isEqualTo("248289");
    assertThat(identity.claims()).containsEntry("sub", "248289").containsEntry("iss", OP);
  }

  @Test
  void headersKeepTheOrderOfTheConfiguration() {
    Map<String, String> headers = new java.util.LinkedHashMap<>();
    List.of("Z", "A", "M").forEach(name -> headers.put(name, "c"));

    Mapping mapping = new IdentityMapper(headers, Set.of(), "g").map(OP, "s", Map.of("c", "x"));

    assertThat(((Mapping.Mapped) mapping).identity().headers())
        .extracting(HeaderField::name)
        .containsExactly("Z", "A", "M");
  }

  @Test
  void dottedNameLeadsIntoAnObject() {
    IdentityMapper mapper =
        new IdentityMapper(
            Map.of("X-Roles", "realm_access.roles"),
            Set.of("X-Roles"),
            "realm_access.roles",
            Set.of("address.country"));
    Map<String, Object> claims =
        Map.of(
            "realm_access", Map.of("roles", List.of("admin", "x")),
            "address", Map.of("country", "KR", "street", "secret"));

    Identity identity = ((Mapping.Mapped) mapper.map(OP, "s", claims)).identity();

    assertThat(identity.headers()).containsExactly(new HeaderField("X-Roles", "admin,x"));
    assertThat(identity.roles()).containsExactlyInAnyOrder("admin", "x");
    assertThat(identity.claims())
        .containsEntry("realm_access.roles", List.of("admin", "x"))
        .containsEntry("address.country", "KR")
        .doesNotContainKeys("realm_access", "address");
    assertThat(mapper.claimNames())
        .containsExactlyInAnyOrder("realm_access.roles", "address.country");
  }

  static Stream<Arguments> roleClaims() {
    return Stream.of(
        Arguments.of(List.of("a", "b", "a"), Set.of("a", "b")),
        Arguments.of("a", Set.of("a")),
        Arguments.of("a,b c", Set.of("a,b c")),
        Arguments.of(List.of("x,admins"), Set.of("x,admins")),
        Arguments.of(
            Arrays.asList("a", null, "", 7, Map.of("b", "c"), List.of("d")), Set.of("a", "7")),
        Arguments.of(Map.of("admins", true), Set.of()),
        Arguments.of("", Set.of()));
  }

  @ParameterizedTest
  @MethodSource("roleClaims")
  void rolesAreTheItemsOfTheClaim(Object claim, Set<String> roles) {
    assertThat(mapped(Map.of("groups", claim)).roles()).isEqualTo(roles);
  }

  @Rule("TH-IDT-16")
  @Test
  void unverifiedEmailIsNoRole() {
    IdentityMapper mapper = new IdentityMapper(Map.of(), Set.of(), "email");
    Map<String, Object> verified = Map.of("email", "a@b.example", "email_verified", true);
    Map<String, Object> unverified = Map.of("email", "a@b.example", "email_verified", "true");

    assertThat(((Mapping.Mapped) mapper.map(OP, "s", verified)).identity().roles())
        .containsExactly("a@b.example");
    assertThat(((Mapping.Mapped) mapper.map(OP, "s", unverified)).identity().roles()).isEmpty();
  }

  @Test
  void claimsThatNobodyAskedForAreNotKept() {
    Map<String, Object> claims =
        Map.of("c", "x", "groups", "g", "name", "Alice", "nonce", "n", "at_hash", "h");

    assertThat(mapped(claims).claims())
        .containsOnlyKeys("c", "groups", "name", "sub", "iss")
        .containsEntry("name", "Alice");
    assertThat(mapped(claims).displayName()).isEqualTo("Alice");
  }

  private static Identity mapped(Map<String, Object> claims) {
    assertThat(map(claims)).isInstanceOf(Mapping.Mapped.class);
    return ((Mapping.Mapped) map(claims)).identity();
  }

  private static Mapping map(Map<String, Object> claims) {
    return mapper().map(OP, "s", claims);
  }

  private static IdentityMapper mapper() {
    return new IdentityMapper(Map.of("X-C", "c"), Set.of(), "groups");
  }
}
