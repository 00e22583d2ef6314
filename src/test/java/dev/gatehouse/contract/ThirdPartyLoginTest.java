package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins that somebody else initiates (OpenID Connect Core §4). */
class ThirdPartyLoginTest extends ContractTest {
  private static final String LOGIN = "/gatehouse/login";

  @Override
  protected String configuration() {
    return "provider: {forwarded-parameters: [login_hint]}";
  }

  private Ask form(Map<String, String> fields) {
    return Ask.form(LOGIN, fields).site("cross-site");
  }

  private String link(String target) {
    return LOGIN
        + "?iss="
        + Query.encode(scene.op().issuer())
        + "&login_hint=alice&target_link_uri="
        + Query.encode(target);
  }

  @Test
  @Rule("TH-CSRF-6")
  void linkLeadsThroughTheOpToItsTarget() {
    LoginAttempt attempt = scene.login(scene.browser(), link(Scene.PUBLIC_URL + "/deep/page?a=1"));

    assertThat(attempt.request("login_hint")).isEqualTo("alice");
    assertThat(attempt.comeBack().location()).isEqualTo("/deep/page?a=1#");
    assertThat(scene.login(scene.browser(), link("/y")).comeBack().location()).isEqualTo("/y#");
  }

  @Test
  @Rule("TH-CSRF-6")
  void formComesToTheSameAsALink() {
    Browser browser = scene.browser();
    Reply reply =
        browser.send(
            form(
                Map.of(
                    "iss",
                    scene.op().issuer(),
                    "login_hint",
                    "alice",
                    "target_link_uri",
                    "/deep/page",
                    "client_id",
                    "evil",
                    "prompt",
                    "none")));

    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.cookies()).isEmpty();
    assertThat(reply.location()).startsWith(LOGIN + "?").doesNotContain("evil", "prompt");
    LoginAttempt attempt = scene.login(browser, reply.location());
    assertThat(attempt.request("login_hint")).isEqualTo("alice");
    assertThat(attempt.comeBack().location()).isEqualTo("/deep/page#");
  }

  @ParameterizedTest
  @Rule("TH-CSRF-6")
  @ValueSource(strings = {"https://evil.example", "", "ISSUER/", "HTTPISSUER"})
  void unknownIssuerIsRefused(String issuer) {
    String own = scene.op().issuer();
    String sent = issuer.replace("HTTPISSUER", own.replace("http", "HTTP")).replace("ISSUER", own);
    Browser browser = scene.browser();

    assertRefused(browser.get(LOGIN + "?iss=" + Query.encode(sent)), 400);
    Reply posted = browser.send(form(Map.of("iss", sent)));
    assertRefused(browser.send(Ask.get(posted.location()).site("cross-site")), 400);
    assertThat(browser.cookies()).isEmpty();
  }

  @ParameterizedTest
  @Rule("TH-REDIR-6")
  @ValueSource(
      strings = {
        "//evil.example",
        "https://evil.example/",
        "https://app.example.evil.example/",
        "https://app.example@evil.example/",
        "https://evil.example\\@app.example/",
        "http://app.example/",
        "https://app.example:8443/",
        "javascript:alert(1)",
        "/gatehouse/logout",
        "https://app.example/gatehouse/logout",
        "https://app.example//evil.example",
        "/\\evil.example",
        "",
      })
  void targetElsewhereEndsAtTheStartPage(String target) {
    assertThat(scene.login(scene.browser(), link(target)).comeBack().location()).isEqualTo("/#");
    Browser browser = scene.browser();
    Reply posted = browser.send(form(Map.of("target_link_uri", target)));
    assertThat(scene.login(browser, posted.location()).comeBack().location()).isEqualTo("/#");
  }

  @ParameterizedTest
  @Rule("TH-CSRF-5")
  @EnumSource(
      value = Ask.Kind.class,
      names = {"IFRAME", "XHR"})
  void formFromAFrameOrAScriptStartsNothing(Ask.Kind kind) {
    Browser browser = scene.browser();

    assertRefused(browser.send(form(Map.of("rd", "/x")).kind(kind)), 403);
    assertThat(browser.cookies()).isEmpty();
  }

  @Test
  @Rule("TH-CSRF-5")
  void formChangesNothingForWhoIsLoggedIn() {
    Browser browser = scene.signedIn();

    browser.send(form(Map.of("rd", "/x")));

    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-CSRF-6")
  void otherBodiesAndBrokenFormsAreRefused() {
    Browser browser = scene.browser();
    Ask json = Ask.of("POST", LOGIN).header("Content-Type", "application/json").body("{}");
    assertRefused(browser.send(json), 403);
    Ask broken =
        Ask.of("POST", LOGIN)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body("rd=%ZZ");
    assertRefused(browser.send(broken), 400);
    assertRefused(browser.send(form(Map.of("login_hint", "a".repeat(8000)))), 400);
    assertThat(browser.send(form(Map.of("iss", "x".repeat(40_000)))).status()).isEqualTo(413);
  }
}
