package dev.gatehouse.page;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AcceptLanguageTest {
  private static final List<String> OURS = List.of("en", "ko", "ja");

  private static Stream<String> hostileWishes() {
    return Attacks.of("accept-language.txt").stream();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ko | ko",
        "KO | ko",
        "ko-KR | ko",
        "ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7 | ko",
        "en-US,en;q=0.9,ja;q=0.8 | en",
        "de-DE,de;q=0.9,ja;q=0.8,en;q=0.7 | ja",
        "en;q=0.1,ja;q=0.9 | ja",
        "ja;q=0.5,ko;q=0.501 | ko",
        "ko;q=0,ja;q=0.1 | ja",
        "ko ; q=0.2 , ja | ja",
        "fr,*;q=0.5,ko;q=0.1 | ko",
        "ja-Jpan-JP-x-private | ja"
      })
  void theLanguageWithTheHighestQualityWins(String value, String language) {
    assertThat(AcceptLanguage.best(List.of(value), OURS)).contains(language);
  }

  @Test
  void severalFieldLinesAreOneList() {
    assertThat(AcceptLanguage.best(List.of("de", "ja;q=0.4", "ko;q=0.6"), OURS)).contains("ko");
  }

  @Test
  void noFieldAsksForNothing() {
    assertThat(AcceptLanguage.best(List.of(), OURS)).isEmpty();
    assertThat(AcceptLanguage.best(List.of(""), OURS)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("hostileWishes")
  void aWishThatMakesNoSenseIsNone(String value) {
    assertThat(AcceptLanguage.best(List.of(value), OURS)).isEmpty();
    assertThat(
            HtmlPage.of(
                    new Pages("")
                        .html(
                            Page.of(Page.Kind.NOT_FOUND, "ID-1", Optional.empty()), List.of(value)))
                .root()
                .getAttribute("lang"))
        .isEqualTo("en");
  }

  @Test
  void twoHundredCharactersAreReadAndOneMoreIsNot() {
    String wish = "ko" + ",de;q=0.1".repeat(22);

    assertThat(wish).hasSize(200);
    assertThat(AcceptLanguage.best(List.of(wish), OURS)).contains("ko");
    assertThat(AcceptLanguage.best(List.of(wish + " "), OURS)).isEmpty();
  }

  @Property
  void noValueBreaksIt(@ForAll @StringLength(max = 60) String value) {
    assertThat(AcceptLanguage.best(List.of(value), OURS).orElse("en")).isIn(OURS);
  }

  @Property
  void noWellFormedValueBreaksIt(
      @ForAll @Size(min = 1, max = 12) List<@From("ranges") String> wish) {
    assertThat(AcceptLanguage.best(wish, OURS).orElse("en")).isIn(OURS);
  }

  @Provide
  Arbitrary<String> ranges() {
    Arbitrary<String> subtag =
        Arbitraries.strings().withCharRange('a', 'z').numeric().ofMinLength(1).ofMaxLength(8);
    Arbitrary<String> rest =
        Arbitraries.frequencyOf(Tuple.of(5, subtag), Tuple.of(1, Arbitraries.just("*")))
            .list()
            .ofMaxSize(4)
            .map(subtags -> subtags.stream().map(s -> "-" + s).collect(joining()));
    Arbitrary<String> first =
        Arbitraries.of("ko", "ja", "en", "zh", "i", "x", "sgn", "art", "no", "iw", "a", "*");
    Arbitrary<String> weight = Arbitraries.of("", ";q=0", ";q=0.", ";q=0.001", " ; Q=1.000");
    return Combinators.combine(first, rest, weight)
        .as((head, tail, q) -> head + (head.equals("*") ? "" : tail) + q);
  }
}
