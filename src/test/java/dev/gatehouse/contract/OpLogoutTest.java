package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §15: logouts that the OP tells the gateway of. */
class OpLogoutTest extends ContractTest {
  private static final String BACK_CHANNEL = "/gatehouse/backchannel-logout";
  private static final String FRONT_CHANNEL = "/gatehouse/frontchannel-logout";
  private static final Map<String, Object> SID_1 = Map.of("sid", "sid-1");

  private Reply tell(String logoutToken) {
    return scene
        .browser()
        .send(Ask.form(BACK_CHANNEL, Map.of("logout_token", logoutToken)).kind(Ask.Kind.XHR));
  }

  private Browser signedIn(String sid) {
    return scene.signedIn(Plan.honest().claim("sid", sid));
  }

  @Test
  @Rule("TH-OUT-6")
  @Rule("TH-OUT-7")
  void aSessionOfTheOpEndsItsSessionHereAndNoOther() {
    Browser one = signedIn("sid-1");
    Browser two = signedIn("sid-2");
    assertSession(one, "alice-1");

    Reply reply = tell(scene.op().logoutToken(logoutType(), SID_1));

    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    assertThat(reply.header("Cache-Control")).contains("no-store");
    assertNoSession(one);
    assertSession(two, "alice-1");
  }

  @Test
  @Rule("TH-OUT-6")
  void aUserWithoutASessionIdEndsAllOfHisSessions() {
    Browser one = signedIn("sid-a");
    Browser two = signedIn("sid-b");
    Browser bob = scene.signedIn(Plan.honest().user(StubOp.BOB));

    assertThat(tell(scene.op().logoutToken(logoutType(), Map.of("sub", "alice-1"))).status())
        .isEqualTo(200);

    assertNoSession(one);
    assertNoSession(two);
    assertSession(bob, "bob-2");
    scene.clock().pass(Duration.ofSeconds(1));
    assertSession(signedIn("sid-c"), "alice-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sid", "sub"})
  @Rule("TH-OUT-12")
  void aLogoutWhileTheOpIsAskedEndsTheLoginThatAsked(String whom) throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    Plan slow = Plan.honest().claim("sid", "alice-1").token(Fault.none().until(told));
    LoginAttempt attempt = scene.login(scene.browser(), "/x").plan(slow);
    attempt.callbackUrl();
    CompletableFuture<Reply> returning = CompletableFuture.supplyAsync(attempt::comeBack);
    await().until(() -> !scene.op().calls("token").isEmpty());
    scene.clock().pass(Duration.ofSeconds(1));
    assertThat(tell(scene.op().logoutToken(logoutType(), Map.of(whom, "alice-1"))).status())
        .isEqualTo(200);
    scene.clock().pass(Duration.ofSeconds(1));
    told.countDown();

    assertSentToOp(returning.get());

    assertThat(attempt.browser().cookies()).doesNotContainKey(Scene.SESSION_COOKIE);
    assertNoSession(attempt.browser());
    assertSession(signedIn("alice-1"), "alice-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sid", "sub"})
  @Rule("TH-OUT-12")
  void aLogoutBetweenTheOpsAnswerAndItsArrivalSendsTheBrowserRoundAgain(String whom) {
    Plan plan = Plan.honest().claim("sid", "alice-1");
    LoginAttempt attempt = scene.login(scene.browser(), "/x").plan(plan);
    attempt.callbackUrl();
    String before = attempt.state();
    scene.clock().pass(Duration.ofSeconds(1));
    assertThat(tell(scene.op().logoutToken(logoutType(), Map.of(whom, "alice-1"))).status())
        .isEqualTo(200);
    scene.clock().pass(Duration.ofSeconds(1));

    Reply again = attempt.comeBack();

    assertSentToOp(again);
    assertThat(again.locationQuery().get("state")).doesNotContain(before);
    assertNoSession(attempt.browser());
    scene.op().plan(again.locationQuery().get("state").get(0), plan);
    Reply atOp = attempt.browser().send(Ask.get(again.location()).site("cross-site"));
    Reply back = attempt.browser().send(Ask.get(atOp.location()).site("cross-site"));
    assertThat(back.status()).isEqualTo(303);
    assertThat(back.location()).isEqualTo("/x#");
    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @Rule("TH-OUT-12")
  void thereIsNoThirdRound() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    Reply reply = attempt.start();
    for (int round = 0; round < 2; round++) {
      assertSentToOp(reply);
      Reply atOp = attempt.browser().send(Ask.get(reply.location()).site("cross-site"));
      tell(scene.op().logoutToken(logoutType(), Map.of("sub", "alice-1")));
      reply = attempt.browser().send(Ask.get(atOp.location()).site("cross-site"));
    }

    assertRefused(reply, 400);
    assertNoSession(attempt.browser());
    scene.clock().pass(Duration.ofSeconds(1));
    assertSession(scene.signedIn(), "alice-1");
  }

  @Test
  @Rule("TH-OUT-6")
  void aSessionThatTheOpNeverNamedEndsWithItsUser() {
    Browser unnamed = scene.signedIn();
    Browser named = signedIn("sid-n");
    Browser bob = scene.signedIn(Plan.honest().user(StubOp.BOB));

    Map<String, Object> other = Map.of("sid", "sid-of-another-browser", "sub", "alice-1");
    assertThat(tell(scene.op().logoutToken(logoutType(), other)).status()).isEqualTo(200);

    assertNoSession(unnamed);
    assertSession(named, "alice-1");
    assertSession(bob, "bob-2");
  }

  static Stream<Arguments> tamperings() {
    return Stream.of(
        Arguments.of("iss", logoutType().claim("iss", "https://evil.example")),
        Arguments.of("aud", logoutType().claim("aud", "other")),
        Arguments.of("aud beside ours", logoutType().claim("aud", List.of("gw", "other"))),
        Arguments.of("no aud", logoutType().claim("aud", null)),
        Arguments.of("no iat", logoutType().claim("iat", null)),
        Arguments.of("old iat", logoutType().claim("iat", 1)),
        Arguments.of("no exp", logoutType().claim("exp", null)),
        Arguments.of("expired", logoutType().claim("exp", 1)),
        Arguments.of("no jti", logoutType().claim("jti", null)),
        Arguments.of("a nonce", logoutType().claim("nonce", "n")),
        Arguments.of("no events", logoutType().claim("events", null)),
        Arguments.of("other event", logoutType().claim("events", Map.of("x", Map.of()))),
        Arguments.of(
            "event is no object",
            logoutType()
                .claim(
                    "events", Map.of("http://schemas.openid.net/event/backchannel-logout", "x"))),
        Arguments.of("no sid and no sub", logoutType().claim("sid", null)),
        Arguments.of("sid is a number", logoutType().claim("sid", 5)),
        Arguments.of("typ of an access token", logoutType().header("typ", "at+jwt")),
        Arguments.of("attacker's key", logoutType().signedByAttacker()),
        Arguments.of("attacker's key embedded", logoutType().attackerKeyEmbedded()),
        Arguments.of("alg none", logoutType().unsecured("none")),
        Arguments.of("alg nOnE", logoutType().unsecured("nOnE")),
        Arguments.of("HMAC with the public key", logoutType().hmacWithPublicKeyPem()),
        Arguments.of("changed after signing", logoutType().changedAfterSigning("sid", "sid-1")),
        Arguments.of("not a token", logoutType().literal("abc")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tamperings")
  @Rule("TH-OUT-5")
  void aTokenThatBreaksARuleEndsNothing(String what, TokenRecipe recipe) {
    Browser browser = signedIn("sid-1");
    Map<String, Object> whom =
        what.startsWith("changed") ? Map.of("sid", "sid-0") : new HashMap<>(SID_1);

    Reply reply = tell(scene.op().logoutToken(recipe, whom));

    assertThat(reply.status()).as("%s", reply).isEqualTo(400);
    assertSession(browser, "alice-1");
    assertThat(tell(scene.op().logoutToken(logoutType(), SID_1)).status()).isEqualTo(200);
    assertNoSession(browser);
    scene.clock().pass(Duration.ofSeconds(1));
  }

  @Test
  @Rule("TH-OUT-5")
  void aTokenIsSignedAsTheIdTokensAre() {
    Browser browser = signedIn("sid-alg");
    Map<String, Object> whom = Map.of("sid", "sid-alg");

    Reply other = tell(scene.op().logoutToken(logoutType().es256(), whom));

    assertThat(other.status()).as("%s", other).isEqualTo(400);
    assertSession(browser, "alice-1");
    assertThat(tell(scene.op().logoutToken(logoutType(), whom)).status()).isEqualTo(200);
    assertNoSession(browser);
  }

  @Test
  @Rule("TH-OUT-5")
  void aTokenCountsOnce() {
    String token = scene.op().logoutToken(logoutType(), SID_1);
    assertThat(tell(token).status()).isEqualTo(200);
    scene.clock().pass(Duration.ofSeconds(1));
    Browser later = signedIn("sid-1");

    assertThat(tell(token).status()).isEqualTo(400);
    assertSession(later, "alice-1");
  }

  @Test
  @Rule("TH-OUT-5")
  void anIdTokenIsNoLogoutToken() {
    Browser browser = signedIn("sid-9");
    TokenRecipe idToken =
        TokenRecipe.correct().claim("events", null).claim("nonce", "n").claim("sub", "alice-1");

    assertThat(tell(scene.op().logoutToken(idToken, Map.of("sid", "sid-9"))).status())
        .isEqualTo(400);
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-OUT-5")
  @Rule("TH-LEAK-16")
  void onlyAFormThatIsPostedCounts() {
    Browser browser = signedIn("sid-7");
    String token = scene.op().logoutToken(logoutType(), Map.of("sid", "sid-7"));

    Reply get = scene.browser().send(Ask.get(BACK_CHANNEL).kind(Ask.Kind.XHR));
    Reply inUrl =
        scene
            .browser()
            .send(
                Ask.of("POST", BACK_CHANNEL + "?logout_token=" + token)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .body("logout_token=" + token));
    Reply twice =
        scene
            .browser()
            .send(
                Ask.of("POST", BACK_CHANNEL)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .body("logout_token=" + token + "&logout_token=" + token));

    assertThat(get.status()).isEqualTo(405);
    assertThat(inUrl.status()).isEqualTo(400);
    assertThat(twice.status()).isEqualTo(400);
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-DOS-12")
  void aFloodOfForgedTokensFetchesKeysOnce() {
    scene.op().forgetCalls();
    for (int i = 0; i < 50; i++) {
      TokenRecipe forged = logoutType().header("kid", "unknown-" + i).signedByAttacker();
      assertThat(tell(scene.op().logoutToken(forged, SID_1)).status()).isEqualTo(400);
    }
    assertThat(scene.op().calls("jwks")).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  @Rule("TH-OUT-8")
  void theFrontChannelActsOnAnExactPairAlone() {
    Browser browser = signedIn("sid-f");
    String issuer = Query.encode(scene.op().issuer());

    for (String query :
        List.of(
            "?sid=sid-f",
            "?iss=" + issuer,
            "?iss=https%3A%2F%2Fevil.example&sid=sid-f",
            "?iss=" + issuer + "%2F&sid=sid-f",
            "?iss=" + issuer + "&sid=sid-",
            "?iss=" + issuer + "&sid=sid-f&sid=sid-f",
            "")) {
      Reply reply = scene.browser().send(Ask.get(FRONT_CHANNEL + query).kind(Ask.Kind.IFRAME));
      assertThat(reply.status()).isEqualTo(200);
      assertSession(browser, "alice-1");
    }

    Reply reply =
        scene
            .browser()
            .send(Ask.get(FRONT_CHANNEL + "?iss=" + issuer + "&sid=sid-f").kind(Ask.Kind.IFRAME));
    assertThat(reply.header("Content-Security-Policy"))
        .contains("frame-ancestors " + scene.op().issuer());
    assertThat(reply.header("X-Frame-Options")).isNull();
    assertNoSession(browser);
  }

  @Test
  @Rule("TH-OUT-4")
  void aLogoutGivesTheTokensBack() {
    Browser browser = scene.signedIn(Plan.honest().refreshable(300));
    String token = scene.op().lastAccessToken();

    logOut(browser);

    // What an earlier test's user gives back may arrive now, too.
    await()
        .untilAsserted(
            () ->
                assertThat(scene.op().calls("revoke"))
                    .anySatisfy(call -> assertThat(call.form("token")).isEqualTo(token)));
    assertThat(scene.op().calls("revoke").stream().map(call -> call.form("token_type_hint")))
        .containsSubsequence("refresh_token", "access_token");
  }

  private static void logOut(Browser browser) {
    Reply left = browser.send(Form.in(browser.get("/gatehouse/logout")).submission());
    assertThat(left.status()).as("%s", left).isEqualTo(303);
  }

  private static TokenRecipe logoutType() {
    return TokenRecipe.correct().header("typ", "logout+jwt");
  }
}
