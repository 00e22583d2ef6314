package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threat catalogue §13 and §15: leaving, and being made to leave. */
@OverHttp2
class LogoutTest extends ContractTest {
  private static final String LOGOUT = "/gatehouse/logout";

  private Form confirmation(Browser browser) {
    Reply page = browser.get(LOGOUT);
    assertThat(page.status()).as("%s", page).isEqualTo(200);
    return Form.in(page);
  }

  @Test
  @Rule("TH-OUT-1")
  @Rule("TH-OUT-2")
  @Rule("TH-OUT-9")
  void confirmedLogoutEndsTheSessionAndGoesOnToTheOp() {
    Browser browser = scene.signedIn();
    Browser before = browser.copy();
    Form form = confirmation(browser);

    Reply reply = browser.send(form.submission());

    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.location()).startsWith(scene.op().issuer() + "/end_session?");
    assertThat(reply.locationQuery()).containsKey("id_token_hint").containsKey("state");
    assertThat(reply.locationQuery().get("client_id")).containsExactly(StubOp.CLIENT_ID);
    assertThat(reply.locationQuery().get("post_logout_redirect_uri"))
        .containsExactly(Scene.PUBLIC_URL + "/gatehouse/logged-out");
    assertThat(reply.cookies()).anyMatch(c -> c.name().equals("JSESSIONID") && c.deletes());
    assertThat(browser.cookies()).doesNotContainKey(Scene.SESSION_COOKIE);
    assertNoSession(before);
    assertSentToOp(before.get("/x"));

    Reply atOp = browser.send(Ask.get(reply.location()).site("same-origin"));
    Reply back = browser.send(Ask.get(atOp.location()).site("cross-site"));
    assertThat(back.status()).isEqualTo(200);
    assertThat(back.text()).contains("href=\"/\"");
  }

  @Test
  @Rule("TH-OUT-1")
  void logoutWorksWhileTheOpIsDown() {
    Browser browser = scene.signedIn();
    Browser before = browser.copy();
    Form form = confirmation(browser);
    scene.op().goDown();
    try {
      assertThat(browser.send(form.submission()).status()).isEqualTo(303);
      assertNoSession(before);
    } finally {
      scene.op().comeBack();
    }
  }

  @Test
  @Rule("TH-CSRF-1")
  void askingForThePageEndsNothing() {
    Browser browser = scene.signedIn();
    for (Ask.Kind kind : List.of(Ask.Kind.NAVIGATION, Ask.Kind.IMAGE, Ask.Kind.IFRAME)) {
      browser.send(Ask.get(LOGOUT).kind(kind).site("same-origin"));
      browser.send(Ask.get(LOGOUT).kind(kind).site("cross-site"));
    }
    assertSession(browser, "alice-1");
  }

  @ParameterizedTest
  @Rule("TH-CSRF-1")
  @Rule("TH-CSRF-4")
  @CsvSource({
    "cross-site, https://evil.example",
    "same-site, https://other.app.example",
    "same-origin, null",
    "same-origin, https://app.example.evil.example",
    "same-origin, https://app.example:8443",
    "same-origin, http://app.example",
    "cross-site, https://app.example",
    "none, https://evil.example",
  })
  void formOfAnotherOriginIsRefused(String site, String origin) {
    Browser browser = scene.signedIn();
    Form form = confirmation(browser);
    String cookies = browser.cookieField();

    Ask forged = form.submission().site(site).header("Origin", origin).header("Cookie", cookies);
    assertThat(browser.send(forged).status()).isEqualTo(403);
    assertSession(browser, "alice-1");

    Ask own = form.submission().header("Origin", "https://app.example");
    assertThat(browser.send(own).status()).isEqualTo(303);
    assertNoSession(browser);
  }

  @Test
  @Rule("TH-CSRF-1")
  void formThatDoesNotSayWhereItComesFromIsRefused() {
    Browser browser = scene.signedIn();
    Form form = confirmation(browser);
    String body = dev.gatehouse.testkit.Query.write(form.fields());
    String request =
        "POST /gatehouse/logout HTTP/1.1\r\nHost: app.example\r\nCookie: "
            + browser.cookieField()
            + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + body.length()
            + "\r\nConnection: close\r\n";

    assertThat(browser.raw(request + "\r\n" + body).orElseThrow().status()).isEqualTo(403);
    assertSession(browser, "alice-1");

    String withOrigin = request + "Origin: https://app.example\r\n\r\n" + body;
    assertThat(browser.raw(withOrigin).orElseThrow().status()).isEqualTo(303);
    assertNoSession(browser);
  }

  @Test
  @Rule("TH-CSRF-2")
  void formTokenBelongsToOneSession() {
    Browser alice = scene.signedIn();
    Browser bob = scene.signedIn(Plan.honest().user(StubOp.BOB));
    Form bobs = confirmation(bob);

    assertThat(alice.send(bobs.submission()).status()).isEqualTo(403);
    assertThat(alice.send(Ask.form(LOGOUT, Map.of())).status()).isEqualTo(403);
    assertThat(alice.send(Ask.form(LOGOUT, Map.of("csrf_token", ""))).status()).isEqualTo(403);
    assertSession(alice, "alice-1");
    assertSession(bob, "bob-2");

    assertThat(alice.send(confirmation(alice).submission()).status()).isEqualTo(303);
    assertNoSession(alice);
    assertSession(bob, "bob-2");
  }

  @Test
  @Rule("TH-CSRF-7")
  void confirmationPageCannotBeFramedNorCached() {
    Reply page = scene.signedIn().get(LOGOUT);

    assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(page.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
    assertThat(page.header("Cache-Control")).contains("no-store");
    assertThat(page.text()).contains("Alice A");
  }

  @Test
  void logoutWithoutASessionAsksNothing() {
    Reply reply = scene.browser().get(LOGOUT);

    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.location()).isEqualTo("/gatehouse/logged-out");
    // An earlier test's tokens may be on their way back still.
    assertThat(scene.op().calls()).allMatch(call -> call.endpoint().equals("revoke"));
  }

  @Test
  @Rule("TH-OUT-2")
  @Rule("TH-REDIR-6")
  void userLandsWhereTheLogoutLinkSaid() {
    Browser browser = scene.signedIn();
    Form form = Form.in(browser.get(LOGOUT + "?rd=/public/bye"));
    Reply toOp = browser.send(form.submission());
    Reply atOp = browser.send(Ask.get(toOp.location()).site("same-origin"));
    Reply back = browser.send(Ask.get(atOp.location()).site("cross-site"));

    assertThat(back.status()).isEqualTo(303);
    assertThat(back.location()).isEqualTo("/public/bye");
    assertThat(App.made(browser.get(back.location()))).isTrue();
  }

  @Test
  @Rule("TH-OUT-2")
  void wrongStateOnReturnIsJustThePage() {
    Browser browser = scene.signedIn();
    browser.send(Form.in(browser.get(LOGOUT + "?rd=/public/bye")).submission());

    for (String query : List.of("?state=x", "?state=", "", "?state=a&state=b")) {
      Reply back = browser.get("/gatehouse/logged-out" + query);
      assertThat(back.status()).isEqualTo(200);
      assertThat(back.location()).isNull();
    }
  }

  @Test
  @Rule("TH-OUT-3")
  void anIdTokenThatIsTooLargeForAUrlStaysBehind() {
    Browser browser = scene.signedIn(Plan.honest().claim("about_me", "x".repeat(7_000)));

    Reply left = browser.send(confirmation(browser).submission());

    assertThat(left.location()).startsWith(scene.op().issuer() + "/end_session?");
    assertThat(left.location().length()).isLessThanOrEqualTo(8 * 1024);
    assertThat(left.locationQuery()).doesNotContainKey("id_token_hint");
    assertThat(left.locationQuery().get("logout_hint")).containsExactly("alice-1");
    assertThat(left.locationQuery().get("client_id")).containsExactly(StubOp.CLIENT_ID);
  }

  @Test
  @Rule("TH-CSRF-5")
  void frameCannotStartALogin() {
    Reply framed =
        scene.browser().send(Ask.get("/gatehouse/login").kind(Ask.Kind.IFRAME).site("cross-site"));

    assertThat(framed.status()).isEqualTo(403);
    assertThat(framed.cookies()).isEmpty();
    assertSentToOp(scene.browser().get("/gatehouse/login"));
  }

  @Test
  @Rule("TH-CSRF-5")
  void startingALoginChangesNoLiveSession() {
    Browser browser = scene.signedIn();
    assertSentToOp(browser.get("/gatehouse/login?rd=/x"));

    assertSession(browser, "alice-1");
  }
}
