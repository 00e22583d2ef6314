package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tabs that come back late, twice, or beside others: no error for whom nothing is wrong. */
class LateTabTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        rules:
          - {path: /gold/**, access: login, require: {acr: gold}}
        """;
  }

  private static Plan gold() {
    return Plan.honest().idToken(TokenRecipe.correct().claim("acr", "gold"));
  }

  private static String transactionCookie(LoginAttempt attempt) {
    return attempt.start().cookies().stream()
        .map(cookie -> cookie.name())
        .filter(name -> name.startsWith(Scene.TRANSACTION_COOKIE))
        .findFirst()
        .orElseThrow();
  }

  private void assertLandsAt(Reply reply, String location) {
    assertThat(reply.status()).as("%s", reply).isEqualTo(303);
    assertThat(reply.location()).isEqualTo(location);
    assertNoTokenCall();
  }

  @Test
  @Rule("TH-STATE-5")
  @Rule("TH-STATE-6")
  void expiredAttemptLandsOnItsPageWhereASessionLives() {
    Browser browser = scene.browser();
    LoginAttempt late = scene.login(browser, "/late?b=2");
    late.callbackUrl();
    scene.clock().pass(Duration.ofMinutes(9));
    scene.login(browser, "/in-time").complete();
    scene.clock().pass(Duration.ofMinutes(2));
    scene.op().forgetCalls();

    assertLandsAt(late.comeBack(), "/late?b=2#");
    assertThat(browser.cookies()).doesNotContainKey(transactionCookie(late));
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-STATE-5")
  void attemptWhoseCookieTheBrowserHasDroppedLandsInTheAppWhereASessionLives() {
    Browser browser = scene.browser();
    LoginAttempt late = scene.login(browser, "/late");
    late.callbackUrl();
    scene.login(browser, "/other").complete();
    browser.loseCookie(transactionCookie(late));
    scene.op().forgetCalls();

    assertLandsAt(late.comeBack(), "/#");
    browser.loseCookie(Scene.SESSION_COOKIE);
    assertRefused(late.comeBack(), 403);
  }

  @Test
  @Rule("TH-STATE-5")
  @Rule("TH-STATE-3")
  void invalidStateHarmsNoLiveSession() {
    Browser browser = scene.signedIn();
    scene.op().forgetCalls();
    for (String query : new String[] {"?code=c&state=x", "?code=c&state=", "?code=c"}) {
      assertLandsAt(browser.send(Ask.get("/gatehouse/callback" + query).site("cross-site")), "/#");
      assertRefused(scene.browser().get("/gatehouse/callback" + query), 403);
    }
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-STATE-5")
  @Rule("TH-STATE-7")
  void brokenTransactionHarmsNoLiveSession() {
    Browser browser = scene.browser();
    LoginAttempt late = scene.login(browser, "/late");
    late.callbackUrl();
    scene.login(browser, "/other").complete();
    browser.cookie(transactionCookie(late), "broken");
    scene.op().forgetCalls();

    assertLandsAt(late.comeBack(), "/#");
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-STATE-5")
  void deadCodeLandsOnItsPageWhereASessionLives() {
    Browser browser = scene.browser();
    LoginAttempt late = scene.login(browser, "/late");
    scene.login(browser, "/other").complete();

    Reply reply = late.comeBackWith("?code=dead&state={state}");

    assertThat(reply.location()).isEqualTo("/late#");
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-STATE-5")
  @Rule("TH-AUTHZ-14")
  void deadCodeOfAStepUpDoesNotGoRound() {
    Browser browser = scene.signedIn();
    LoginAttempt stepUp = scene.login(browser, "/gold/x").plan(gold());

    assertRefused(stepUp.comeBackWith("?code=dead&state={state}"), 400);
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-CB-14")
  @Rule("TH-STATE-5")
  void stepUpInAnotherTabLeavesBothTabsOnTheirPages() {
    Browser browser = scene.browser();
    LoginAttempt plain = scene.login(browser, "/plain");
    LoginAttempt stepUp = scene.login(browser, "/gold/x").plan(gold());

    assertThat(stepUp.comeBack().location()).isEqualTo("/gold/x#");
    assertThat(scene.userSeen(browser, "/gold/x")).isEqualTo("alice-1");
    assertThat(plain.comeBack().location()).isEqualTo("/plain#");
    assertThat(scene.userSeen(browser, "/plain")).isEqualTo("alice-1");
  }

  @Test
  @Rule("TH-CB-14")
  void backButtonAfterAStepUpLeadsIntoTheApp() {
    Browser browser = scene.signedIn();
    LoginAttempt stepUp = scene.login(browser, "/gold/x").plan(gold()).complete();
    scene.op().forgetCalls();

    assertLandsAt(stepUp.comeBack(), "/#");
  }
}
