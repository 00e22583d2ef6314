package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threat catalogue §15: a click on the app's own logout link. */
class AppLogoutTest extends ContractTest {
  private static final String LOGOUT = "/logout.do";
  private static final String TO_START = LOGOUT + "?status=302&header=Location:/index.do";

  @Override
  protected String configuration() {
    return "logout: {app-paths: [/logout.do, /public/bye]}";
  }

  private static Ask click(String target) {
    return Ask.get(target).site("same-origin");
  }

  @Test
  @Rule("TH-OUT-10")
  @Rule("TH-OUT-9")
  void theAppAndTheGatewayAreLeftTogether() {
    Browser browser = scene.signedIn();
    Browser copy = browser.copy();

    Reply reply = browser.send(click(LOGOUT));

    assertThat(App.made(reply)).as("%s", reply).isTrue();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(scene.app().only().path()).isEqualTo(LOGOUT);
    assertThat(scene.app().only().header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(reply.cookies()).anyMatch(c -> c.name().equals("JSESSIONID") && c.deletes());
    assertThat(browser.cookies()).doesNotContainKey(Scene.SESSION_COOKIE);
    assertThat(reply.header("Cache-Control")).contains("no-store");
    assertNoSession(copy);
  }

  @Test
  @Rule("TH-OUT-10")
  @Rule("TH-OUT-2")
  void theWayOnLeadsToTheOpAndNotBackIntoTheApp() {
    Browser browser = scene.signedIn();

    Reply reply = browser.send(click(TO_START));

    assertThat(reply.status()).isEqualTo(302);
    assertThat(reply.location()).startsWith(scene.op().issuer() + "/end_session?");
    assertThat(reply.locationQuery()).containsKey("id_token_hint").containsKey("state");
    assertThat(reply.locationQuery().get("client_id")).containsExactly(StubOp.CLIENT_ID);
    assertThat(scene.app().seen()).hasSize(1);
    Reply atOp = browser.send(Ask.get(reply.location()).site("same-origin"));
    Reply back = browser.send(Ask.get(atOp.location()).site("cross-site"));
    assertThat(back.status()).isEqualTo(200);
    assertThat(back.text()).contains("href=\"/\"");
  }

  @Test
  @Rule("TH-OUT-10")
  void aScriptOfTheAppIsNotSentToTheOpsPages() {
    Browser browser = scene.signedIn();

    Reply reply =
        browser.send(
            Ask.form(TO_START, Map.of()).kind(Ask.Kind.XHR).header("Accept", "application/json"));

    assertThat(reply.location()).endsWith("/index.do");
    assertThat(reply.cookies()).anyMatch(c -> c.name().equals(Scene.SESSION_COOKIE) && c.deletes());
    assertNoSession(browser);
  }

  @ParameterizedTest
  @Rule("TH-OUT-10")
  @Rule("TH-CSRF-1")
  @CsvSource({
    "GET, NAVIGATION, cross-site",
    "GET, NAVIGATION, same-site",
    "GET, IMAGE, same-origin",
    "GET, IMAGE, cross-site",
    "GET, SCRIPT, same-origin",
    "GET, STYLE, same-origin",
    "GET, IFRAME, cross-site",
    "HEAD, NAVIGATION, same-origin",
    "OPTIONS, XHR, same-origin",
    "POST, NAVIGATION, same-site",
    "POST, NAVIGATION, none",
    "GET, OLD, none",
  })
  void whatIsNotPlainlyTheUsersDoingIsTheAppsBusinessAlone(
      String method, Ask.Kind kind, String site) {
    Browser browser = scene.signedIn();
    Ask forged =
        Ask.of(method, LOGOUT).kind(kind).site(site).header("Cookie", browser.cookieField());

    Reply reply = browser.send(forged);

    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    assertThat(scene.app().seen()).hasSize(1);
    assertThat(reply.cookies()).isEmpty();
    assertSession(browser, "alice-1");
    assertThat(browser.send(click(LOGOUT)).status()).isEqualTo(200);
    assertNoSession(browser);
  }

  @ParameterizedTest
  @Rule("TH-OUT-10")
  @CsvSource({
    "GET, NAVIGATION, none, ",
    "GET, IFRAME, same-origin, ",
    "GET, XHR, same-origin, ",
    "POST, NAVIGATION, same-origin, ",
    "DELETE, XHR, same-origin, ",
    "GET, OLD, none, https://app.example/list.do?page=2",
  })
  void theUsersOwnDoingEndsTheSession(String method, Ask.Kind kind, String site, String referer) {
    Browser browser = scene.signedIn();
    Ask own = Ask.of(method, LOGOUT).kind(kind).site(site);

    Reply reply = browser.send(referer == null ? own : own.header("Referer", referer));

    assertThat(App.made(reply)).as("%s", reply).isTrue();
    assertNoSession(browser);
  }

  @ParameterizedTest
  @Rule("TH-CSRF-4")
  @CsvSource({
    "https://evil.example/",
    "https://app.example.evil.example/x",
    "https://app.example",
    "http://app.example/x",
    "https://app.example:8443/x",
    "https://app.example@evil.example/x",
  })
  void aRefererOfAnotherOriginIsNoProof(String referer) {
    Browser browser = scene.signedIn();

    browser.send(Ask.get(LOGOUT).kind(Ask.Kind.OLD).header("Referer", referer));

    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-OUT-10")
  void aBrowserThatOnlyLooksAheadDoesNotLeave() {
    Browser browser = scene.signedIn();

    browser.send(click(LOGOUT).header("Sec-Purpose", "prefetch;prerender"));

    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-OUT-10")
  void otherPagesEndNothing() {
    Browser browser = scene.signedIn();
    for (String page : new String[] {"/logout", "/logout.do/x", "/LOGOUT.DO", "/x?p=/logout.do"}) {
      browser.send(click(page));
      assertSession(browser, "alice-1");
    }
  }

  @Test
  @Rule("TH-OUT-10")
  void aPageThatAnybodyMaySeeEndsTheSessionToo() {
    Browser browser = scene.signedIn();

    Reply reply = browser.send(click("/public/bye"));

    assertThat(App.made(reply)).isTrue();
    assertThat(scene.app().only().header("X-Gatehouse-User")).isNull();
    assertNoSession(browser);
    assertThat(App.made(browser.send(click("/public/bye")))).isTrue();
  }

  @Test
  void whoHasLeftAlreadyIsNotSentToSignIn() {
    Reply reply = scene.browser().send(click(LOGOUT));

    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.location()).isEqualTo("/gatehouse/logged-out");
    assertAppUnreached();
  }

  @Test
  @Rule("TH-OUT-1")
  void noOpStandsInTheWay() {
    Browser browser = scene.signedIn(Plan.honest().refreshable(300));
    scene.clock().pass(Duration.ofSeconds(290));
    scene.op().forgetCalls();
    scene.op().fault("refresh", Fault.none().hang(Duration.ofSeconds(20)));

    assertThat(App.made(browser.send(click(LOGOUT)))).isTrue();

    assertThat(scene.op().calls("token")).isEmpty();
    assertNoSession(browser);
  }

  @Test
  @Rule("TH-OUT-1")
  void anAppThatFailsKeepsNobodySignedIn() {
    Browser browser = scene.signedIn();

    assertThat(browser.send(click(LOGOUT + "?status=500")).status()).isEqualTo(500);

    assertThat(browser.cookies()).doesNotContainKey(Scene.SESSION_COOKIE);
    assertNoSession(browser);
  }
}
