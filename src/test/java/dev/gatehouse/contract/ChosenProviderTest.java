package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two OPs and no default: the user chooses, on a page that leads to the login and nowhere else. */
class ChosenProviderTest extends ContractTest {
  private static final Pattern HREF = Pattern.compile("href=\"([^\"]*)\"");

  @Override
  protected String configuration() {
    return """
        providers:
          staff: {display-name: "Staff <b>& friends</b>"}
          partners: {forwarded-parameters: [login_hint]}
        """;
  }

  @Override
  protected Scene open(DoorKind kind) {
    return Scene.openWithTwoOps(kind, configuration(), op -> {}, op -> {});
  }

  private Reply chooser(Browser browser, String target) {
    Reply away = browser.get(target);
    assertThat(away.status()).as("%s", away).isEqualTo(302);
    assertThat(away.location()).startsWith("/gatehouse/login?rd=");
    return browser.get(away.location());
  }

  private static List<String> links(Reply page) {
    Matcher matcher = HREF.matcher(page.text());
    return matcher.results().map(m -> m.group(1).replace("&amp;", "&")).toList();
  }

  @Test
  void theUserChoosesAndGetsToThePage() {
    Browser browser = scene.browser();
    Reply page = chooser(browser, "/orders?a=%2F&b=c");

    assertThat(page.status()).isEqualTo(200);
    assertOwnHeaders(page);
    assertThat(page.cookies()).isEmpty();
    List<String> links = links(page);
    assertThat(links)
        .containsExactly(
            "/gatehouse/login?provider=staff&rd=%2Forders%3Fa%3D%252F%26b%3Dc",
            "/gatehouse/login?provider=partners&rd=%2Forders%3Fa%3D%252F%26b%3Dc");
    LoginAttempt attempt = scene.login(browser, links.get(1));
    assertThat(attempt.op()).isSameAs(scene.otherOp());
    assertThat(attempt.comeBack().location()).isEqualTo("/orders?a=%2F&b=c#");
    assertThat(scene.userSeen(browser, "/orders?a=%2F&b=c")).isEqualTo("alice-1");
  }

  @Test
  void thePageShowsNamesAndRunsNothing() {
    Reply page = chooser(scene.browser(), "/x");

    assertThat(page.text())
        .contains("Staff &lt;b&gt;&amp; friends&lt;/b&gt;")
        .contains(">partners<")
        .doesNotContainIgnoringCase("<script")
        .doesNotContain("<form");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'")
        .contains("form-action 'none'");
  }

  @ParameterizedTest
  @CsvSource({"en, Where do you want to sign in?", "ko, 어디에서 로그인하시겠어요?", "ja, どのアカウントでログインしますか？"})
  void thePageSpeaksTheLanguageOfTheUser(String language, String title) {
    Reply page =
        scene.browser().send(Ask.get("/gatehouse/login").header("Accept-Language", language));

    assertThat(page.text()).contains("<h1>" + title + "</h1>").contains("lang=\"" + language);
  }

  @Test
  void aScriptIsNotAskedToChoose() {
    Reply reply = scene.browser().send(Ask.get("/x").kind(Ask.Kind.XHR).site("same-origin"));

    assertRefused(reply, 401);
  }

  @ParameterizedTest
  @Rule("TH-REDIR-1")
  @ValueSource(
      strings = {
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/gatehouse/logout",
        "\"><script>alert(1)</script>",
        "/x%0d%0aSet-Cookie:a=b"
      })
  void aHostileReturnTargetIsNotOnThePage(String target) {
    Browser browser = scene.browser();
    Reply page = browser.get("/gatehouse/login?rd=" + Query.encode(target));

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text())
        .doesNotContain("evil")
        .doesNotContain("alert")
        .doesNotContain("Set-Cookie")
        .doesNotContain("logout");
    assertThat(links(page))
        .containsExactly(
            "/gatehouse/login?provider=staff&rd=%2F", "/gatehouse/login?provider=partners&rd=%2F");
  }

  @Test
  void aTargetWithQuotesStaysWithinItsLink() {
    Reply page =
        scene.browser().get("/gatehouse/login?rd=" + Query.encode("/x\"onmouseover=alert(1)"));

    assertThat(page.text()).doesNotContain("onmouseover=");
    assertThat(links(page)).hasSize(2).allMatch(link -> link.startsWith("/gatehouse/login?"));
  }

  @Test
  void aRepeatedTargetIsNone() {
    assertThat(links(scene.browser().get("/gatehouse/login?rd=/a&rd=/b")))
        .allMatch(link -> link.endsWith("rd=%2F"));
  }

  @Test
  @Rule("TH-AUTHZ-6")
  void hintsOfTheLinkGoThroughTheChoiceToTheOpThatMayHaveThem() {
    Browser browser = scene.browser();
    List<String> links =
        links(
            browser.get(
                "/gatehouse/login?rd=/x&ui_locales=ko&prompt=none&login_hint="
                    + Query.encode("김 a+1@x\"><b>")));

    assertThat(links)
        .hasSize(2)
        .allSatisfy(link -> assertThat(link).contains("&ui_locales=ko").doesNotContain("prompt"));
    LoginAttempt partners = scene.login(browser, links.get(1));
    assertThat(partners.op()).isSameAs(scene.otherOp());
    assertThat(partners.request("login_hint")).isEqualTo("김 a+1@x\"><b>");
    assertThat(partners.request()).doesNotContainKeys("ui_locales", "prompt");
    assertThat(partners.comeBack().location()).isEqualTo("/x#");
    assertThat(scene.login(scene.browser(), links.get(0)).request())
        .doesNotContainKeys("login_hint", "ui_locales");
  }

  @ParameterizedTest
  @Rule("TH-AUTHZ-6")
  @ValueSource(strings = {"login_hint=a%0d%0ab", "login_hint=a&login_hint=b", "ui_locales=%3Cb%3E"})
  void badHintsAreNotOnThePage(String hint) {
    assertThat(links(scene.browser().get("/gatehouse/login?" + hint)))
        .containsExactly(
            "/gatehouse/login?provider=staff&rd=%2F", "/gatehouse/login?provider=partners&rd=%2F");
  }

  @Test
  void thePageCostsNoCookiesAndNoCalls() {
    scene.op().forgetCalls();
    Browser browser = scene.browser();
    for (int i = 0; i < 40; i++) {
      assertThat(browser.get("/gatehouse/login?rd=/x").status()).isEqualTo(200);
    }

    assertThat(browser.cookies()).isEmpty();
    assertThat(scene.op().calls()).isEmpty();
  }
}
