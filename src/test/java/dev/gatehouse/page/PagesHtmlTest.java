package dev.gatehouse.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class PagesHtmlTest {
  private final Pages pages = new Pages("");

  private static Stream<Arguments> everyPage() {
    return Stream.of(Page.Kind.values())
        .flatMap(kind -> Stream.of("en", "ko", "ja").map(language -> Arguments.of(kind, language)));
  }

  private static Stream<String> hostileTexts() {
    return Attacks.of("html.txt").stream();
  }

  private HtmlPage render(Page page, String... acceptLanguage) {
    return HtmlPage.of(pages.html(page, List.of(acceptLanguage)));
  }

  private static Page confirm(String displayName) {
    return new Page(
        Page.Kind.LOGOUT_CONFIRM,
        Optional.empty(),
        Optional.of("/gatehouse/logout"),
        Map.of("csrf", "T"),
        Optional.of(displayName));
  }

  @ParameterizedTest
  @MethodSource("everyPage")
  void aScreenReaderFindsLanguageTitleHeadingAndLandmark(Page.Kind kind, String language) {
    HtmlPage page = render(Page.of(kind, "ID-1", Optional.empty()), language);

    assertThat(page.source()).startsWith("<!DOCTYPE html>\n");
    assertThat(page.root().getAttribute("lang")).isEqualTo(language);
    assertThat(page.root().getAttribute("dir")).isEqualTo("ltr");
    assertThat(page.text("title")).isEqualTo(page.text("h1")).isNotBlank();
    assertThat(page.one("main").getElementsByTagName("h1").getLength()).isEqualTo(1);
    assertThat(page.all("svg")).allMatch(svg -> svg.getAttribute("aria-hidden").equals("true"));
    assertThat(page.text("dt")).isEqualTo(Texts.of(language).text("incident.label"));
    assertThat(page.text("code")).isEqualTo("ID-1");
  }

  @ParameterizedTest
  @MethodSource("everyPage")
  @Rule("TH-AUTHZ-15")
  void aPageRunsNothingAndFetchesNothing(Page.Kind kind, String language) {
    HtmlPage page = render(Page.of(kind, "ID-1", Optional.empty()), language);

    for (Element element : page.all("*")) {
      assertThat(element.getTagName())
          .isNotIn("script", "iframe", "frame", "object", "embed", "img", "link", "base", "video");
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        String attribute = element.getAttributes().item(i).getNodeName();
        assertThat(attribute)
            .doesNotStartWith("on")
            .isNotIn("src", "style", "srcset", "http-equiv");
      }
    }
    assertThat(page.source().toLowerCase(Locale.ROOT))
        .doesNotContain("http:", "https:", "javascript:", "data:", "url(", "@import", "password");
  }

  @ParameterizedTest
  @EnumSource(Page.Kind.class)
  void aPageHasOneMainButtonAtMost(Page.Kind kind) {
    HtmlPage page = render(Page.of(kind, "ID-1", Optional.empty()));

    long buttons =
        page.all("*").stream().filter(e -> e.getAttribute("class").equals("button")).count();
    assertThat(buttons).isEqualTo(Texts.of("en").find(kind, "button").isPresent() ? 1 : 0);
  }

  @Test
  void signingOutIsAPostAndStayingIsALink() {
    Page.Rendered rendered = new Pages("/shop").html(confirm("Ada"), List.of());
    HtmlPage page = HtmlPage.of(rendered);

    Element form = page.one("form");
    assertThat(form.getAttribute("method")).isEqualTo("post");
    assertThat(form.getAttribute("action")).isEqualTo("/shop/gatehouse/logout");
    assertThat(page.one("input").getAttribute("name")).isEqualTo("csrf");
    assertThat(page.one("input").getAttribute("value")).isEqualTo("T");
    assertThat(page.text("button")).isEqualTo("Sign out");
    assertThat(page.one("a").getAttribute("href")).isEqualTo("/shop/");
    assertThat(page.one("main").getTextContent()).contains("You are signed in as Ada.");
  }

  @Test
  void withoutANameTheSentenceIsWholeNevertheless() {
    HtmlPage page = render(confirm("\u202e \u0007"));

    assertThat(page.all("bdi")).isEmpty();
    assertThat(page.one("main").getTextContent()).contains("You are signed in.");
  }

  @Test
  void onlyThePageThatAsksShowsTheName() {
    Page page =
        new Page(
            Page.Kind.FORBIDDEN,
            Optional.of("ID-1"),
            Optional.empty(),
            Map.of(),
            Optional.of("Ada"));

    assertThat(render(page).source()).doesNotContain("Ada");
  }

  @Test
  void withoutAnIncidentThereIsNoNumberToGive() {
    assertThat(render(confirm("Ada")).all("dl")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("hostileTexts")
  void aHostileNameStaysAName(String attack) {
    HtmlPage tame = render(confirm("Ada"));
    HtmlPage page = render(confirm("x" + attack));

    assertThat(page.skeleton()).isEqualTo(tame.skeleton());
    assertThat(page.text("bdi")).startsWith("x").doesNotContainPattern("[\\p{Cc}\\p{Cs}]");
    assertThat(page.text("bdi").chars()).noneMatch(c -> c >= 0x202a && c <= 0x202e);
  }

  @Test
  void aNameIsShownAsItIs() {
    String name = "O'Neil & \"Söhne\" <김서연> {{title}}";

    assertThat(render(confirm(name)).text("bdi")).isEqualTo(name);
  }

  @Test
  void aNameOfSixtyCharactersIsShownWholeAndALongerOneIsCut() {
    String sixty = "\uD83D\uDE00".repeat(60);

    assertThat(render(confirm(sixty)).text("bdi")).isEqualTo(sixty);
    assertThat(render(confirm(sixty + "a")).text("bdi")).isEqualTo("\uD83D\uDE00".repeat(59) + "…");
  }

  @ParameterizedTest
  @MethodSource("hostileTexts")
  void hostileFieldsAndIncidentIdsStayText(String attack) {
    String printable = attack.replaceAll("[\\p{Cc}\\p{Cs}]", "?");
    HtmlPage tame = render(withEverything("a"));
    HtmlPage page = render(withEverything(printable));

    assertThat(page.skeleton()).isEqualTo(tame.skeleton());
    assertThat(page.one("input").getAttribute("value")).isEqualTo(printable);
    assertThat(page.text("code")).isEqualTo(printable);
  }

  private static Page withEverything(String text) {
    return new Page(
        Page.Kind.LOGOUT_CONFIRM,
        Optional.of(text),
        Optional.empty(),
        Map.of(text, text),
        Optional.of("Ada"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a?b=c&d=%2F", "/gatehouse/login?rd=/x", "/a//b", "/~x", "/?q='\""})
  void theButtonLeadsToAPathOfOurs(String path) {
    Page page = Page.of(Page.Kind.FORBIDDEN, "ID-1", Optional.of(path));

    assertThat(render(page).one("a").getAttribute("href")).isEqualTo(path);
    assertThat(HtmlPage.of(new Pages("/shop").html(page, List.of())).one("a").getAttribute("href"))
        .isEqualTo("/shop" + path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/a\\b",
        "/\t/evil.example",
        "/a\nb",
        " //evil.example",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "x",
        "?x",
        "#x",
        "@evil.example",
        "/é",
        "/ a"
      })
  void whatIsNotOurPathLeadsToTheStartPage(String path) {
    Page page = Page.of(Page.Kind.FORBIDDEN, "ID-1", Optional.of(path));

    assertThat(render(page).one("a").getAttribute("href")).isEqualTo("/");
  }

  @Test
  void theBytesAreUtf8AndSaySo() {
    Page.Rendered rendered = pages.html(confirm("Ada"), List.of("ko"));

    assertThat(rendered.contentType()).isEqualTo("text/html; charset=utf-8");
    assertThat(HtmlPage.of(rendered).text("h1")).isEqualTo("로그아웃할까요?");
  }
}
