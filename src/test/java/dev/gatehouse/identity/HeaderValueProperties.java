package dev.gatehouse.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.HeaderEncoding;
import dev.gatehouse.config.IdentityHeader;
import dev.gatehouse.config.ListFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Identity header values decode to the claim, in each encoding and with each list format. */
class HeaderValueProperties {
  private static final Set<HeaderEncoding> RAW =
      Set.of(HeaderEncoding.LATIN1_STRICT, HeaderEncoding.UTF_8);

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
        Arbitraries.strings().withChars("a,%2C ;\"<é山+^[]\\=?").ofMinLength(1).ofMaxLength(8);
    Arbitrary<String> latin =
        Arbitraries.strings()
            .withCharRange(' ', '~')
            .withCharRange('\u00a0', '\u00ff')
            .ofMinLength(1)
            .ofMaxLength(90);
    Arbitrary<String> known =
        Arbitraries.of(
            "=?UTF-8?B?YWRtaW4=?=", "[\"admins\"]", " [\"a\"]", "x\",\"admins", "a^admins", "%2C");
    return Arbitraries.oneOf(anything, tricky, latin, known);
  }

  @Provide
  Arbitrary<List<String>> lists() {
    return texts().list().ofMinSize(1).ofMaxSize(6);
  }

  @Rule("TH-HDR-8")
  @Property(tries = 2000)
  void headerDecodesToTheClaim(
      @ForAll("texts") String text, @ForAll HeaderEncoding encoding, @ForAll ListFormat lists) {
    Assume.that(carries(text, encoding));

    assertThat(decoded(text, encoding, lists)).containsExactly(text);
  }

  @Rule("TH-HDR-9")
  @Property(tries = 2000)
  void listSplitsIntoItsItems(
      @ForAll("lists") List<String> items,
      @ForAll HeaderEncoding encoding,
      @ForAll ListFormat lists) {
    Assume.that(lists != ListFormat.SINGLE || items.size() == 1);
    Assume.that(items.stream().allMatch(item -> carries(item, encoding)));

    assertThat(decoded(items, encoding, lists)).isEqualTo(items);
  }

  /** Many apps split and never decode. */
  @Rule("TH-HDR-9")
  @Property(tries = 2000)
  void appThatOnlySplitsFindsNoItemMore(
      @ForAll("lists") List<String> items,
      @ForAll HeaderEncoding encoding,
      @ForAll ListFormat lists) {
    Assume.that(items.stream().allMatch(item -> carries(item, encoding)));
    List<String> fields =
        switch (lists) {
          case COMMA, QUOTED -> List.of(octets(items, encoding, lists).get(0).split(",", -1));
          case CARET -> List.of(octets(items, encoding, lists).get(0).split("\\^", -1));
          // Some servers join repeated fields with a comma (RFC 9110 §5.3).
          case REPEAT -> List.of(String.join(",", octets(items, encoding, lists)).split(",", -1));
          case JSON, SINGLE -> items;
        };

    assertThat(fields).hasSameSizeAs(items);
  }

  @Rule("TH-HDR-7")
  @Property(tries = 2000)
  void headerSurvivesHttp(
      @ForAll("texts") String text, @ForAll HeaderEncoding encoding, @ForAll ListFormat lists) {
    Assume.that(carries(text, encoding));

    for (String octets : octets(text, encoding, lists)) {
      assertThat(octets).matches(RAW.contains(encoding) ? "[ -~\u0080-\u00ff]+" : "[ -~]+");
      assertThat(octets).doesNotStartWith(" ").doesNotEndWith(" ");
    }
  }

  @Rule("TH-HDR-7")
  @Property(tries = 1500)
  void differentClaimsHaveDifferentHeaders(
      @ForAll("lists") List<String> one,
      @ForAll("lists") List<String> other,
      @ForAll HeaderEncoding encoding,
      @ForAll ListFormat lists) {
    Assume.that(lists != ListFormat.SINGLE);
    Assume.that(Stream.of(one, other).flatMap(List::stream).allMatch(t -> carries(t, encoding)));

    assertThat(octets(one, encoding, lists).equals(octets(other, encoding, lists)))
        .isEqualTo(one.equals(other));
  }

  @Rule("TH-HDR-7")
  @Property(tries = 1500)
  void anythingElseIsUnfitAndNothingIsMended(
      @ForAll String text, @ForAll HeaderEncoding encoding, @ForAll ListFormat lists) {
    Assume.that(!text.isEmpty());
    boolean clean =
        text.codePoints().noneMatch(c -> Character.isISOControl(c) || c >= 0xd800 && c <= 0xdfff);
    HeaderValue value = HeaderValue.of(text, how(encoding, lists));

    if (!clean || !carries(text, encoding) && !asJson(text, lists)) {
      assertThat(value).isEqualTo(new HeaderValue.Unfit("claim-chars"));
    } else {
      assertThat(decoded(text, encoding, lists)).containsExactly(text);
    }
  }

  /** As JSON a string is plain ASCII, whatever is in it. */
  private static boolean asJson(String text, ListFormat lists) {
    return lists == ListFormat.JSON && text.strip().startsWith("[");
  }

  private static boolean carries(String text, HeaderEncoding encoding) {
    boolean edges = !text.startsWith(" ") && !text.endsWith(" ");
    return switch (encoding) {
      case LATIN1_STRICT -> edges && ISO_8859_1.newEncoder().canEncode(text);
      case UTF_8 -> edges;
      default -> true;
    };
  }

  private static List<String> decoded(Object claim, HeaderEncoding encoding, ListFormat lists) {
    return HeaderDecoder.items(octets(claim, encoding, lists), encoding, lists);
  }

  private static List<String> octets(Object claim, HeaderEncoding encoding, ListFormat lists) {
    HeaderValue value = HeaderValue.of(claim, how(encoding, lists));
    return ((HeaderValue.Text) value)
        .values().stream()
            .map(
                text ->
                    encoding == HeaderEncoding.UTF_8 ? HeaderField.utf8("X", text).octets() : text)
            .toList();
  }

  private static IdentityHeader how(HeaderEncoding encoding, ListFormat lists) {
    return new IdentityHeader(
        "X-" + encoding.name().toLowerCase(Locale.ROOT), "c", encoding, lists);
  }
}
