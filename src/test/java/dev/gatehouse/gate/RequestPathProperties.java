package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.gate.RequestPath.Parsed;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RequestPathProperties {

  /** Pieces of which attacks are made, beside harmless ones. */
  @Provide
  Arbitrary<String> hostilePaths() {
    Arbitrary<String> piece =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(
                6,
                Arbitraries.of(
                    "/", "a", "admin", ".", "..", "%2e", "%2E", "%61", "-", "~", "+", "%20",
                    "x.y")),
            net.jqwik.api.Tuple.of(
                2,
                Arbitraries.of(
                    "%c3%a9",
                    "%E5%B1%B1",
                    "%25",
                    "2e",
                    "2f",
                    "5c",
                    "3b",
                    "u002f",
                    "%F0%9F%98%80",
                    "|",
                    "[",
                    "%5B",
                    "{",
                    "%3F",
                    "%23",
                    "%21",
                    "*",
                    "**",
                    ":",
                    "@",
                    ",")),
            net.jqwik.api.Tuple.of(
                1,
                Arbitraries.of(
                    "%2f",
                    "%5c",
                    "\\",
                    ";",
                    ";jsessionid=1",
                    "%3b",
                    "%00",
                    "%0a",
                    "%7f",
                    "%c0%ae",
                    "%c3",
                    "%a9",
                    "%",
                    "#",
                    "?",
                    " ",
                    "\t",
                    "\u00e9",
                    "\u0000",
                    "%ed%a0%80")));
    return piece.list().ofMinSize(0).ofMaxSize(10).map(pieces -> "/" + String.join("", pieces));
  }

  @Rule("TH-PATH-1")
  @Property
  void judgedPathIsTheForwardedOneDecoded(@ForAll("hostilePaths") String raw) throws Exception {
    if (parse(raw, "") instanceof Parsed.Ok ok) {
      String forwarded = ok.path().forwarded();
      assertThat(ServletReading.decoded(forwarded)).isEqualTo(ok.path().canonical());
      assertThat(new URI(forwarded).getPath()).isEqualTo(ok.path().canonical());
    }
  }

  @Rule("TH-PATH-1")
  @Property
  void forwardedPathIsReadAsTheSamePathAgain(@ForAll("hostilePaths") String raw) {
    if (parse(raw, "") instanceof Parsed.Ok ok) {
      RequestPath path = ok.path();
      assertThat(parse(path.forwarded(), ""))
          .isEqualTo(new Parsed.Ok(new RequestPath(path.canonical(), path.forwarded(), false)));
    }
  }

  @Rule("TH-PATH-9")
  @Property
  void servletContainerReadsWhatPassesTheSameWay(@ForAll("hostilePaths") String raw) {
    if (parse(raw, "") instanceof Parsed.Ok ok) {
      assertThat(ServletReading.of(raw)).isEqualTo(ok.path().canonical());
      assertThat(ServletReading.of(ok.path().forwarded())).isEqualTo(ok.path().canonical());
    }
  }

  @Rule("TH-PATH-2")
  @Rule("TH-PATH-3")
  @Rule("TH-PATH-5")
  @Property
  void canonicalPathHasNoSecondReading(@ForAll("hostilePaths") String raw) {
    if (parse(raw, "") instanceof Parsed.Ok ok) {
      String canonical = ok.path().canonical();
      assertThat(canonical).startsWith("/").doesNotContain("//", "\\", ";");
      assertThat(canonical.chars()).noneMatch(Character::isISOControl);
      assertThat(canonical.substring(1).split("/")).doesNotContain(".", "..");
      assertThat(ok.path().forwarded()).matches("[!-~]+").doesNotContain(";", "#", "?", "\\");
    }
  }

  @Property
  void anythingAtAllIsReadOrRefused(@ForAll String raw, @ForAll String mapped) {
    assertThat(RequestPath.parse("/" + raw, "", Optional.of(mapped))).isNotNull();
    assertThat(RequestPath.parse(raw, "/base", Optional.empty())).isNotNull();
  }

  @Provide
  Arbitrary<List<String>> honestSegments() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withChars("AZ09-._~!$&'()*+,=:@ \u00e9\u5c71\u00a0?#|")
        .ofMinLength(1)
        .ofMaxLength(8)
        .filter(segment -> !segment.matches("[. ]*"))
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Rule("TH-PATH-10")
  @Property
  void honestSegmentsComeThroughHoweverTheyAreEscaped(
      @ForAll("honestSegments") List<String> segments, @ForAll long seed) {
    String canonical = "/" + String.join("/", segments);
    String raw = escapedAtRandom(canonical, new java.util.Random(seed));

    assertThat(parse(raw, "")).isInstanceOf(Parsed.Ok.class);
    assertThat(((Parsed.Ok) parse(raw, "")).path().canonical()).isEqualTo(canonical);
    assertThat(parse("/base" + raw, "/base"))
        .extracting(parsed -> ((Parsed.Ok) parsed).path().canonical())
        .isEqualTo(canonical);
  }

  private static String escapedAtRandom(String path, java.util.Random random) {
    StringBuilder raw = new StringBuilder();
    for (byte each : path.getBytes(UTF_8)) {
      int octet = each & 0xff;
      boolean needed = octet <= 0x20 || octet >= 0x7f || octet == '?' || octet == '#';
      if (octet != '/' && (needed || random.nextInt(4) == 0)) {
        raw.append(String.format(random.nextBoolean() ? "%%%02x" : "%%%02X", octet));
      } else {
        raw.append((char) octet);
      }
    }
    return raw.toString();
  }

  private static Parsed parse(String raw, String basePath) {
    return RequestPath.parse(raw, basePath, Optional.empty());
  }
}
