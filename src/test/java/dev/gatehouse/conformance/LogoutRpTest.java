package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.OpKeys;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * {@code oidcc-client-rp-initiated-logout-rp-basic}, {@code
 * oidcc-client-back-channel-logout-rp-basic} and {@code
 * oidcc-client-front-channel-logout-rp-basic}.
 */
class LogoutRpTest extends ConformanceTest {
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final String SID = "sid-of-the-suite";

  private Browser signedIn() {
    return assertAccepted(Plan.honest().idToken(idToken()).claim("sid", SID)).browser();
  }

  private Reply toOp(Browser browser) {
    Reply leaving =
        browser.send(Form.in(browser.get("/gatehouse/logout?rd=/public/bye")).submission());
    assertThat(leaving.status()).as("%s", leaving).isEqualTo(303);
    return leaving;
  }

  @Test
  @DisplayName("oidcc-client-test-rp-init-logout")
  @Rule("TH-OUT-1")
  @Rule("TH-OUT-2")
  void userIsSentToTheOpAndBack() {
    Browser browser = signedIn();
    Reply leaving = toOp(browser);

    assertThat(leaving.location()).startsWith(scene.op().issuer() + "/end_session?");
    assertThat(leaving.locationQuery())
        .containsKeys("id_token_hint", "post_logout_redirect_uri", "state");
    assertThat(leaving.locationQuery().get("client_id")).containsExactly(StubOp.CLIENT_ID);
    assertNoSession(browser);
    Reply atOp = browser.send(Ask.get(leaving.location()).site("same-origin"));
    Reply back = browser.send(Ask.get(atOp.location()).site("cross-site"));
    assertThat(back.location()).isEqualTo("/public/bye");
  }

  /** The user is out whatever comes back; but nobody is led on by an answer that is not ours. */
  @Test
  @DisplayName("oidcc-client-test-rp-init-logout-other-state")
  @Rule("TH-OUT-2")
  void answerWithAnotherState() {
    assertLedNowhere("?state=" + "x".repeat(43));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-init-logout-no-state")
  @Rule("TH-OUT-2")
  void answerWithoutState() {
    assertLedNowhere("");
  }

  private void assertLedNowhere(String query) {
    Browser browser = signedIn();
    toOp(browser);

    Reply back =
        browser.send(
            Ask.get(Scene.PUBLIC_URL + "/gatehouse/logged-out" + query).site("cross-site"));

    assertThat(back.status()).isEqualTo(200);
    assertThat(back.location()).isNull();
    assertNoSession(browser);
  }

  private TokenRecipe logoutToken() {
    return idToken().header("typ", "logout+jwt");
  }

  private Reply tell(TokenRecipe recipe) {
    String token = scene.op().logoutToken(recipe, Map.of("sub", "alice-1", "sid", SID));
    return scene
        .browser()
        .send(
            Ask.form("/gatehouse/backchannel-logout", Map.of("logout_token", token))
                .kind(Ask.Kind.OLD)
                .site("none"));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout")
  @Rule("TH-OUT-5")
  @Rule("TH-OUT-7")
  void opTellsOfTheLogout() {
    Browser browser = signedIn();

    Reply reply = tell(logoutToken());

    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    assertThat(reply.header("Cache-Control")).contains("no-store");
    assertNoSession(browser);
  }

  private void assertNotBelieved(TokenRecipe recipe) {
    Browser browser = signedIn();

    Reply reply = tell(recipe);

    assertThat(reply.status()).as("%s", reply).isEqualTo(400);
    assertThat(reply.header("Cache-Control")).contains("no-store");
    assertSession(browser, "alice-1");
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-alg-none")
  @Rule("TH-OUT-5")
  void logoutTokenWithoutSignature() {
    assertNotBelieved(logoutToken().unsecured("none"));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-no-event")
  @Rule("TH-OUT-5")
  void logoutTokenWithoutEvent() {
    assertNotBelieved(logoutToken().claim("events", null));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce")
  @Rule("TH-OUT-5")
  void logoutTokenWithNonce() {
    assertNotBelieved(logoutToken().claim("nonce", "n"));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg")
  @Rule("TH-OUT-5")
  void logoutTokenOfAnotherAlgorithm() {
    assertNotBelieved(logoutToken().es256().header("kid", OpKeys.EC.getKeyID()));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud")
  @Rule("TH-OUT-5")
  void logoutTokenForAnotherClient() {
    assertNotBelieved(logoutToken().claim("aud", StubOp.CLIENT_ID + "1"));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event")
  @Rule("TH-OUT-5")
  void logoutTokenWithAnotherEvent() {
    assertNotBelieved(logoutToken().claim("events", Map.of(EVENT + "1", Map.of())));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss")
  @Rule("TH-OUT-5")
  void logoutTokenOfAnotherIssuer() {
    assertNotBelieved(logoutToken().claim("iss", scene.op().issuer() + "/1"));
  }

  @Test
  @DisplayName("oidcc-client-test-rp-frontchannel-rpinitlogout")
  @Rule("TH-OUT-8")
  void opShowsTheLogoutInAFrame() {
    Browser browser = signedIn();

    Reply reply =
        scene
            .browser()
            .send(
                Ask.get(
                        "/gatehouse/frontchannel-logout?iss="
                            + Query.encode(scene.op().issuer())
                            + "&sid="
                            + SID)
                    .kind(Ask.Kind.IFRAME)
                    .site("cross-site"));

    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    assertThat(reply.header("Content-Security-Policy"))
        .contains("frame-ancestors " + scene.op().issuer());
    assertNoSession(browser);
  }
}
