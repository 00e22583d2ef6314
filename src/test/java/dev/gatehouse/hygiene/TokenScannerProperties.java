package dev.gatehouse.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Strip changes nothing but the token. */
class TokenScannerProperties {
  private final TokenScanner scanner = new TokenScanner(WatchedNames.BY_DEFAULT, true);

  /** A parameter, and whether it carries a token. */
  record Parameter(String text, boolean token) {}

  @Provide
  Arbitrary<List<Parameter>> parameters() {
    Arbitrary<String> value =
        Arbitraries.strings()
            .withChars("abc019._~-+%/:=@,!'()[]{}\"<>|^`\u00e9\u2603")
            .ofMaxLength(12);
    Arbitrary<Parameter> harmless =
        Combinators.combine(
                Arbitraries.of("a", "b", "page", "tokens", "access", "x_jwt", "", "%zz"), value)
            .as((name, v) -> new Parameter(v.isEmpty() ? name : name + "=" + v, false));
    Arbitrary<Parameter> token =
        Combinators.combine(Arbitraries.of(WatchedNames.DEFAULT), spelling(), value)
            .as((name, spelling, v) -> new Parameter(spell(name, spelling) + "=" + v, true));
    Arbitrary<Parameter> jwt = Arbitraries.just(new Parameter("t=eyJhbGciOiJub25lIn0.e30.x", true));
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(6, harmless),
            net.jqwik.api.Tuple.of(3, token),
            net.jqwik.api.Tuple.of(1, jwt))
        .list()
        .ofMaxSize(8);
  }

  private static Arbitrary<Integer> spelling() {
    return Arbitraries.integers().between(0, 7);
  }

  private static String spell(String name, int spelling) {
    return switch (spelling) {
      case 1 -> name.toUpperCase(java.util.Locale.ROOT);
      case 2 -> name + "[]";
      case 3 -> name + ".x";
      case 4 -> "+" + name;
      case 5 -> String.format("%%%02x%s", (int) name.charAt(0), name.substring(1));
      case 6 -> String.format("%%25%02x%s", (int) name.charAt(0), name.substring(1));
      case 7 -> "x[" + name + "]";
      default -> name;
    };
  }

  @Property
  @Rule("TH-LEAK-4")
  @Rule("TH-LEAK-5")
  @Rule("TH-LEAK-7")
  void stripChangesNothingButTheToken(@ForAll("parameters") List<Parameter> parameters) {
    String query = String.join("&", parameters.stream().map(Parameter::text).toList());
    List<TokenHit> hits = scanner.find(query);

    assertThat(hits).hasSize((int) parameters.stream().filter(Parameter::token).count());
    if (hits.isEmpty()) {
      return;
    }
    List<String> others =
        parameters.stream().filter(parameter -> !parameter.token()).map(Parameter::text).toList();
    String rest = TokenScanner.without(query, hits);
    String expected = String.join("&", others);
    assertThat(rest).isEqualTo(expected.isEmpty() ? null : expected);
    assertThat(scanner.find(rest)).isEmpty();
  }

  @Property
  @Rule("TH-LEAK-7")
  void whateverTheSeparatorsTheOthersStayInTheirOrder(
      @ForAll("parameters") List<Parameter> parameters, @ForAll long choice) {
    StringBuilder query = new StringBuilder();
    List<String> others = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      query.append(i == 0 ? "" : "&;?".charAt((int) Math.floorMod(choice >> i, 3L)));
      query.append(parameters.get(i).text());
      if (!parameters.get(i).token() && !parameters.get(i).text().isEmpty()) {
        others.add(parameters.get(i).text());
      }
    }
    List<TokenHit> hits = scanner.find(query.toString());
    String rest = hits.isEmpty() ? query.toString() : TokenScanner.without(query.toString(), hits);

    assertThat(scanner.find(rest)).isEmpty();
    assertThat(split(rest)).isEqualTo(others);
  }

  private static List<String> split(String query) {
    return query == null
        ? List.of()
        : List.of(query.split("[&;?]")).stream().filter(text -> !text.isEmpty()).toList();
  }
}
