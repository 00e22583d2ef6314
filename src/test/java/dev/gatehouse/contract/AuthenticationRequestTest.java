package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §2: what leaves for the OP, and what does not. */
class AuthenticationRequestTest extends ContractTest {
  private static final String REDIRECT_URI = Scene.PUBLIC_URL + "/gatehouse/callback";

  private LoginAttempt attempt(String target) {
    return scene.login(scene.browser(), target);
  }

  @Test
  @Rule("TH-AUTHZ-1")
  @Rule("TH-TOK-15")
  @Rule("TH-AUTHZ-9")
  void carriesItsParametersOnceAndNoOthers() {
    LoginAttempt attempt = attempt("/x");

    assertThat(attempt.request().keySet())
        .containsExactlyInAnyOrder(
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method");
    assertThat(attempt.request("response_type")).isEqualTo("code");
    assertThat(attempt.request("client_id")).isEqualTo("gw");
    assertThat(attempt.request("redirect_uri")).isEqualTo(REDIRECT_URI);
    assertThat(attempt.request("scope").split(" "))
        .containsExactlyInAnyOrder("openid", "profile", "email");
    assertThat(attempt.request("code_challenge_method")).isEqualTo("S256");
    assertThat(attempt.request("nonce")).isNotEqualTo(attempt.state());
  }

  @Test
  @Rule("TH-STATE-1")
  @Rule("TH-STATE-8")
  @Rule("TH-AUTHZ-10")
  @Rule("TH-AUTHZ-3")
  @Rule("TH-RAND-2")
  @Rule("TH-RAND-3")
  void stateNonceAndChallengeAre256FreshBits() {
    Set<String> seen = new HashSet<>();
    int attempts = 50;
    for (int i = 0; i < attempts; i++) {
      LoginAttempt attempt = attempt("/deep/link?of=alice");
      for (String name : List.of("state", "nonce", "code_challenge")) {
        String value = attempt.request(name);
        assertThat(new Base64URL(value).decode()).as(name).hasSize(32);
        assertThat(value).hasSize(43);
        seen.add(value);
      }
    }
    assertThat(seen).hasSize(3 * attempts);
  }

  @Test
  @Rule("TH-AUTHZ-2")
  @Rule("TH-AUTHZ-3")
  @Rule("TH-TOK-2")
  void verifierMatchesTheChallengeAndStaysOffTheUrl() {
    LoginAttempt attempt = attempt("/x").complete();

    String verifier = scene.op().calls("token").get(0).form("code_verifier");
    assertThat(verifier).matches("[A-Za-z0-9_-]{43}");
    assertThat(attempt.start().whole()).doesNotContain(verifier);
  }

  @ParameterizedTest
  @Rule("TH-AUTHZ-4")
  @CsvSource({
    "X-Forwarded-Host, evil.example",
    "Forwarded, host=evil.example;proto=https",
    "X-Forwarded-Proto, ftp",
    "X-Forwarded-Port, 1",
    "X-Forwarded-Prefix, //evil.example",
    "X-Original-URL, //evil.example",
    "X-Auth-Request-Redirect, //evil.example",
  })
  void redirectUriDoesNotFollowTheField(String name, String value) {
    Reply reply = scene.browser().send(Ask.get("/x").header(name, value));

    assertSentToOp(reply);
    assertThat(reply.locationQuery().get("redirect_uri")).containsExactly(REDIRECT_URI);
    assertThat(reply.location()).doesNotContain("evil");
  }

  @Test
  @Rule("TH-AUTHZ-4")
  @Rule("TH-HTTP-6")
  void anotherHostIsMisdirected() {
    assertSentToOp(scene.browser().send(Ask.get("/x").header("Host", "app.example")));
    assertSentToOp(scene.browser().send(Ask.get("/x").header("Host", "APP.example:443")));
    for (String host : List.of("evil.example", "app.example.evil.example", "app.example:8443")) {
      assertRefused(scene.browser().send(Ask.get("/x").header("Host", host)), 421);
    }
  }

  @ParameterizedTest
  @Rule("TH-HTTP-6")
  @ValueSource(
      strings = {
        "app.example:+443",
        "%61pp.example",
        "app.example%00",
        "app.example;a",
        "app.example,",
        "app.example,evil.example",
        "app.example:0443",
        "a@app.example"
      })
  void hostInDisguiseIsNoHost(String host) {
    assertSentToOp(scene.browser().send(Ask.get("/x").header("Host", "app.example")));

    assertThat(scene.browser().send(Ask.get("/x").header("Host", host)).status()).isIn(400, 421);
  }

  @Test
  @Rule("TH-AUTHZ-5")
  void redirectUriIsOneConstantForAllDeepLinks() {
    assertThat(attempt("/a?x=1").request("redirect_uri"))
        .isEqualTo(attempt("/b/c?y=2").request("redirect_uri"));
  }

  @ParameterizedTest
  @Rule("TH-AUTHZ-6")
  @ValueSource(
      strings = {
        "/x?redirect_uri=https://evil.example&state=evil&scope=evil&response_type=token",
        "/gatehouse/login?scope=evil&response_type=token&redirect_uri=//evil.example&nonce=evil",
        "/gatehouse/login?rd=/x%26client_id%3Devil%26prompt%3Devil",
        "/x?auth_request_params=redirect_uri%3Dhttps%253A%252F%252Fevil.example",
      })
  void parametersOfThePageDoNotEnter(String target) {
    LoginAttempt attempt = attempt(target);

    assertThat(attempt.request().keySet()).isEqualTo(attempt("/x").request().keySet());
    assertThat(attempt.start().location()).doesNotContain("evil");
    assertThat(attempt.request("response_type")).isEqualTo("code");
  }

  @Test
  @Rule("TH-AUTHZ-8")
  void redirectIsUncacheableAndEndsInAnEmptyFragment() {
    Reply start = attempt("/x").start();

    assertThat(start.status()).isIn(302, 303);
    assertThat(start.header("Cache-Control")).contains("no-store");
    assertThat(start.location()).endsWith("#");
    assertThat(start.body()).isEmpty();
  }

  @ParameterizedTest
  @Rule("TH-AUTHZ-12")
  @EnumSource(
      value = Ask.Kind.class,
      names = {"IFRAME", "OBJECT", "IMAGE", "SCRIPT", "STYLE", "XHR"})
  void onlyATopLevelNavigationStartsALogin(Ask.Kind kind) {
    assertSentToOp(scene.browser().get("/x"));

    assertNoLoginStarted(Ask.get("/x").kind(kind));
  }

  @ParameterizedTest
  @Rule("TH-AUTHZ-12")
  @CsvSource({
    "NAVIGATION, Sec-Purpose, prefetch",
    "NAVIGATION, Sec-Purpose, prefetch;prerender",
    "NAVIGATION, Purpose, prefetch",
    "OLD, Accept, application/json",
    "OLD, X-Requested-With, XMLHttpRequest",
  })
  void nobodyWaitsForTheAnswerSoNoLoginStarts(Ask.Kind kind, String name, String value) {
    assertSentToOp(scene.browser().send(Ask.get("/x").kind(kind)));

    assertNoLoginStarted(Ask.get("/x").kind(kind).header(name, value));
  }

  @Test
  @Rule("TH-AUTHZ-12")
  void webSocketHandshakeStartsNoLogin() {
    assertNoLoginStarted(
        Ask.get("/x")
            .kind(Ask.Kind.WEBSOCKET)
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")
            .header("Sec-WebSocket-Version", "13"));
  }

  private void assertNoLoginStarted(Ask ask) {
    Browser browser = scene.browser();
    Reply reply = browser.send(ask);

    assertThat(reply.status()).as("%s", reply).isEqualTo(401);
    assertThat(reply.location()).isNull();
    assertThat(reply.cookies()).isEmpty();
    assertThat(browser.cookies()).isEmpty();
    assertAppUnreached();
  }

  @ParameterizedTest
  @Rule("TH-AUTHZ-13")
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void unsafeMethodIsRefusedAndNotReplayedAfterTheLogin(String method) {
    Browser browser = scene.browser();
    Ask ask =
        Ask.of(method, "/pay")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body("amount=1");

    assertRefused(browser.send(ask), 401);
    assertAppUnreached();
    assertThat(browser.cookies()).isEmpty();

    scene.login(browser, "/x").complete();
    assertThat(scene.app().seen()).noneMatch(seen -> seen.method().equals(method));

    assertThat(browser.send(ask.site("same-origin")).status()).isEqualTo(200);
    assertThat(scene.app().only().body()).isEqualTo("amount=1".getBytes());
  }

  @Test
  @Rule("TH-STATE-9")
  void transactionCookieIsHostBoundSecureAndShort() {
    Reply start = attempt("/x").start();

    assertThat(start.cookies())
        .singleElement()
        .satisfies(
            cookie -> {
              assertThat(cookie.name()).startsWith(Scene.TRANSACTION_COOKIE);
              assertThat(cookie.attribute("secure")).isNotNull();
              assertThat(cookie.attribute("httponly")).isNotNull();
              assertThat(cookie.attribute("samesite")).isEqualTo("Lax");
              assertThat(cookie.attribute("path")).isEqualTo("/");
              assertThat(cookie.attribute("domain")).isNull();
              assertThat(Long.parseLong(cookie.attribute("max-age"))).isBetween(1L, 600L);
            });
  }

  @Test
  @Rule("TH-AUTHZ-15")
  void pagesHaveNoPasswordFieldNoScriptAndNoFrame() {
    Browser user = scene.signedIn();
    List<Reply> pages =
        List.of(
            scene.browser().get("/gatehouse/callback"),
            scene.browser().get("/gatehouse/callback?error=access_denied&state=x"),
            scene.browser().get("/gatehouse/logged-out"),
            scene.browser().get("/gatehouse/nothing-here"),
            user.get("/gatehouse/logout"),
            user.get("/denied/x"));

    assertThat(pages)
        .allSatisfy(
            page ->
                assertThat(page.text())
                    .contains("<html")
                    .doesNotContain("password")
                    .doesNotContain("<script")
                    .doesNotContain("<iframe"));
  }
}
