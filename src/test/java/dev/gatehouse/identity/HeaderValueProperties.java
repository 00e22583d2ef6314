package dev.gatehouse.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.net.URLDecoder;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class HeaderValueProperties {

  /** Any text that a person or a group can have as a name. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> anything =
        Arbitraries.integers()
            .between(0x20, 0x10ffff)
            .filter(c -> !Character.isISOControl(c) && (c < 0xd800 || c > 0xdfff))
            .map(Character::toString)
            .list()
            .ofMinSize(1)
            .ofMaxSize(12)
            .map(characters -> String.join("", characters));
    Arbitrary<String> tricky =
        Arbitraries.strings().withChars("a,%2C ;\"<é山+").ofMinLength(1).ofMaxLength(8);
    return Arbitraries.oneOf(anything, tricky);
  }

  @Provide
  Arbitrary<List<String>> lists() {
    return texts().list().ofMinSize(1).ofMaxSize(6);
  }

  @Rule("TH-HDR-8")
  @Property
  void headerDecodesToTheClaim(@ForAll("texts") String text) {
    String header = header(text);

    assertThat(decoded(header)).isEqualTo(text);
  }

  @Rule("TH-HDR-7")
  @Property
  void headerSurvivesHttp(@ForAll("texts") String text) {
    String header = header(text);

    assertThat(header).matches("[ -~]+").isEqualTo(header.strip());
  }

  @Rule("TH-HDR-9")
  @Property
  void listSplitsIntoItsItems(@ForAll("lists") List<String> items) {
    List<String> split = Stream.of(header(items).split(",", -1)).map(String::strip).toList();

    assertThat(split.stream().map(HeaderValueProperties::decoded)).isEqualTo(items);
  }

  @Rule("TH-HDR-7")
  @Property
  void differentClaimsHaveDifferentHeaders(
      @ForAll("lists") List<String> one, @ForAll("lists") List<String> other) {
    assertThat(header(one).equals(header(other))).isEqualTo(one.equals(other));
  }

  @Rule("TH-HDR-7")
  @Property
  void anythingElseIsUnfitAndNothingIsMended(@ForAll String text) {
    boolean clean =
        text.codePoints().noneMatch(c -> Character.isISOControl(c) || c >= 0xd800 && c <= 0xdfff);
    HeaderValue value = HeaderValue.of(text);

    if (!clean) {
      assertThat(value).isEqualTo(new HeaderValue.Unfit("claim-chars"));
    } else if (!text.isEmpty()) {
      assertThat(decoded(((HeaderValue.Text) value).value())).isEqualTo(text);
    }
  }

  private static String header(Object claim) {
    return ((HeaderValue.Text) HeaderValue.of(claim)).value();
  }

  private static String decoded(String header) {
    return URLDecoder.decode(header.replace("+", "%2B"), UTF_8);
  }
}
