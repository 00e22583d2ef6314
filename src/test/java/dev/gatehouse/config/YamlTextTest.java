package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is no YAML, or YAML that no configuration needs. */
class YamlTextTest {

  private static List<ConfigProblem> problems(String yaml) {
    Problems problems = new Problems();
    YamlText.read(yaml, problems);
    return problems.inOrder();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: [1",
        "a: {b: 1",
        "a: 'x",
        "a: \"x",
        "a: b: c",
        "\ta: 1",
        "a: 1\n b: 2",
        "a: @x",
        "a: %x",
        "a: ]",
        "- a\n- b",
        "just text",
        "a: 1\n---\nb: 2",
        "? [a, b]\n: c",
        "a: \u0001",
        "a: *b",
        "a: \uE003",
        "%YAML 9.9\n---\na: 1"
      })
  void whatIsNoPlainMappingIsAProblem(String yaml) {
    assertThat(problems("ok: 1")).isEmpty();
    assertThat(problems(yaml)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing but a comment\n", "---\n", "null\n", "{}"})
  void emptyFileLacksWhatIsNeeded(String yaml) {
    assertThat(problems(yaml)).isEmpty();
    assertThat(OneFlaw.problems(yaml))
        .extracting(ConfigProblem::key)
        .contains("public-url", "listen", "upstream", "provider.issuer", "provider.client-id");
  }

  @Test
  void brokenFileIsOneProblemOnItsLine() {
    assertThat(OneFlaw.problems(OneFlaw.changed("client-id: gw", "client-id: [gw")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("yaml");
              assertThat(problem.line()).isBetween(6, 7);
            });
  }

  @Test
  void aliasesAreRefusedSoThatNoneCanMultiply() {
    String bomb =
        """
        a: &a [x, x, x, x, x, x, x, x, x]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
        c: [*b, *b, *b, *b, *b, *b, *b, *b, *b]
        """;

    assertThat(problems(bomb)).hasSize(18).allMatch(p -> p.code().equals("yaml-alias"));
  }

  @Test
  @Timeout(20)
  void deepNestingAndLongTextAreRefusedWithoutEffort() {
    assertThat(problems("a: " + "[".repeat(100_000)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("nested too deep"));
    assertThat(problems("a: " + "{a: ".repeat(100_000))).hasSize(1);
    assertThat(problems("a: " + "x".repeat(2_000_000)))
        .extracting(ConfigProblem::code)
        .containsExactly("file-too-large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0010", "1_000", "0x1F", "1e3", "true", "yes", ".inf", "2026-11-21"})
  void valuesAreReadAsTheyAreWritten(String value) {
    Problems problems = new Problems();
    Node node = YamlText.read("a: " + value, problems).entries().get("a");

    assertThat(node)
        .isInstanceOfSatisfying(
            Node.Scalar.class, scalar -> assertThat(scalar.text()).isEqualTo(value));
  }

  static Stream<String> piecesOfAGoodFile() {
    return Stream.iterate(0, at -> at < OneFlaw.GOOD.length(), at -> at + 7)
        .map(at -> OneFlaw.GOOD.substring(0, at) + OneFlaw.GOOD.substring(at + 3));
  }

  @ParameterizedTest
  @MethodSource("piecesOfAGoodFile")
  void fileWithAPieceMissingIsReadOrRefusedAndNeverCrashes(String yaml) {
    try {
      assertThat(OneFlaw.load(yaml).config()).isNotNull();
    } catch (ConfigException refused) {
      assertThat(refused.problems()).isNotEmpty();
      assertThat(refused.getMessage())
          .doesNotContain(OneFlaw.CLIENT_SECRET)
          .doesNotContain(OneFlaw.SESSION_KEY);
    }
  }
}
