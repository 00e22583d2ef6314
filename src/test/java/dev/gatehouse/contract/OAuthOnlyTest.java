package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An OP that knows OAuth alone: no metadata, no ID token, a userinfo of its own make. */
class OAuthOnlyTest extends ContractTest {
  private static final String PROVIDER =
      """
      provider:
        scopes: [profile, mail]
        authorization-endpoint: "{op}/authorize"
        token-endpoint: "{op}/token"
        userinfo-endpoint: "{op}/userinfo"
        userinfo-claims: {sub: /result/id, name: /result/name, email: /result/mails/0}
        userinfo-success: {/code: 200}
      """;
  private static final String USER =
      """
      {"code":200,"result":{"id":130910921,"name":"Dal","mails":["dal@example.com","other"]}}""";

  @Override
  protected String configuration() {
    return PROVIDER;
  }

  private static Plan plan(String userinfo) {
    return Plan.honest()
        .token(Fault.none().member("id_token", null))
        .userinfo(Fault.none().text(userinfo));
  }

  private LoginAttempt attempt(Plan plan) {
    return scene.login(scene.browser(), "/x").plan(plan);
  }

  @Test
  @Rule("TH-IDT-15")
  @Rule("TH-QUIRK-7")
  void theUserIsWhomThePinnedUserinfoNames() {
    LoginAttempt attempt = attempt(plan(USER)).complete();

    assertSession(attempt.browser(), "130910921");
    scene.app().forget();
    assertThat(scene.userSeen(attempt.browser(), "/x")).isEqualTo("130910921");
    assertThat(scene.app().only().header("X-Gatehouse-Name")).isEqualTo("Dal");
    assertThat(scene.app().only().header("X-Gatehouse-Email")).isEqualTo("dal@example.com");
    assertThat(scene.op().calls("discovery")).isEmpty();
    assertThat(scene.op().calls("jwks")).isEmpty();
    OpCall userinfo = scene.op().calls("userinfo").get(0);
    assertThat(userinfo.target()).isEqualTo("/userinfo");
    assertThat(userinfo.header("Authorization"))
        .isEqualTo("Bearer " + scene.op().lastAccessToken());
    assertThat(userinfo.header("User-Agent")).isEqualTo("Gatehouse");
  }

  @Test
  @Rule("TH-AUTHZ-1")
  @Rule("TH-AUTHZ-2")
  void pkceStaysOnAndNoNonceIsSent() {
    LoginAttempt attempt = attempt(plan(USER));

    assertThat(attempt.request().keySet())
        .containsExactlyInAnyOrder(
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "code_challenge",
            "code_challenge_method");
    assertThat(attempt.request("scope")).isEqualTo("profile mail");
    attempt.complete();
    assertThat(scene.op().calls("token").get(0).form("code_verifier")).hasSize(43);
    assertThat(scene.op().calls("token").get(0).header("Accept")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'code':403,'result':{'id':130910921}}; userinfo",
        "{'code':'0200','result':{'id':130910921}}; userinfo",
        "{'result':{'id':130910921}}; userinfo",
        "{'code':200,'error':'x','result':{'id':1}}; userinfo",
        "{'code':200,'aud':'another-client','result':{'id':1}}; userinfo",
        "{'code':200,'result':{}}; userinfo-sub",
        "{'code':200,'result':{'id':null}}; userinfo-sub",
        "{'code':200,'result':{'id':''}}; userinfo-sub",
        "{'code':200,'result':{'id':' '}}; userinfo-sub",
        "{'code':200,'result':{'id':1.5}}; userinfo-sub",
        "{'code':200,'result':{'id':1e3}}; userinfo-sub",
        "{'code':200,'result':{'id':true}}; userinfo-sub",
        "{'code':200,'result':{'id':{'a':1}}}; userinfo-sub",
        "{'code':200,'result':[{'id':1}]}; userinfo-sub",
        "{'code':200,'id':1}; userinfo-sub",
        "[{'code':200}]; userinfo",
        "<html>; userinfo"
      })
  @Rule("TH-QUIRK-7")
  @Rule("TH-IDT-15")
  void anAnswerThatNamesNobodyMakesNoSession(String userinfo, String why) {
    LoginAttempt attempt = attempt(plan(userinfo.replace('\'', '"')));

    assertRefused(attempt.comeBack(), 502);
    assertNoSession(attempt.browser());
    attempt(plan(USER)).complete();
  }

  @ParameterizedTest
  @CsvSource({
    "9007199254740993, 9007199254740993",
    "18446744073709551617, 18446744073709551617",
    "-5, -5",
    "'\"00042\"', 00042"
  })
  @Rule("TH-QUIRK-7")
  void anIdKeepsAllItsDigits(String json, String subject) {
    LoginAttempt attempt =
        attempt(plan("{\"code\":200,\"result\":{\"id\":" + json + "}}")).complete();

    assertSession(attempt.browser(), subject);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 500, 302})
  @Rule("TH-IDT-15")
  void aUserinfoThatFailsMakesNoSession(int status) {
    LoginAttempt attempt = attempt(plan(USER).userinfo(Fault.none().status(status).text(USER)));

    assertThat(attempt.comeBack().status()).isEqualTo(502);
    assertNoSession(attempt.browser());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x",
        "/gatehouse/callback",
        "/gatehouse/login",
        "/gatehouse/session",
        "/public/y"
      })
  @Rule("TH-IDT-15")
  void aForeignTokenIsNoLogin(String path) {
    scene.signedIn(plan(USER));
    String foreign = scene.op().lastAccessToken();
    Browser browser = scene.browser();

    Reply posted =
        browser.send(
            Ask.form(path, Map.of("access_token", foreign, "id", "130910921")).kind(Ask.Kind.XHR));

    assertThat(posted.cookies())
        .noneMatch(c -> c.name().equals(Scene.SESSION_COOKIE) && !c.deletes());
    assertNoSession(browser);
    browser.send(Ask.get(path + "?access_token=" + foreign));
    assertNoSession(browser);
  }

  @Test
  @Rule("TH-QUIRK-9")
  void aTokenWhoseLifeNobodyToldIsLookedUpAgain() {
    Browser browser =
        scene.signedIn(
            plan(USER).token(Fault.none().member("id_token", null).member("expires_in", null)));
    scene.op().forgetCalls();

    scene.clock().pass(Duration.ofMinutes(14));
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("130910921");
    assertThat(scene.op().calls("userinfo")).isEmpty();

    scene.clock().pass(Duration.ofMinutes(1));
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("130910921");
    assertThat(scene.op().calls("userinfo")).hasSize(1);

    scene.clock().pass(Duration.ofMinutes(1));
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("130910921");
    assertThat(scene.op().calls("userinfo")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":403}",
        "{\"code\":200,\"result\":{\"id\":1}}",
        "{\"code\":200,\"result\":{}}"
      })
  @Rule("TH-QUIRK-9")
  void aTokenThatIsNoLongerTheUsersEndsTheSession(String later) {
    Browser browser =
        scene.signedIn(
            plan(USER).token(Fault.none().member("id_token", null).member("expires_in", null)));
    scene.op().fault("userinfo", Fault.none().text(later));
    scene.clock().pass(Duration.ofMinutes(15));

    scene.app().forget();
    assertSentToOp(browser.get("/x"));

    assertAppUnreached();
    assertNoSession(browser);
  }

  @Test
  @Rule("TH-QUIRK-9")
  void aUserinfoThatIsDownEndsNothing() {
    Browser browser =
        scene.signedIn(
            plan(USER).token(Fault.none().member("id_token", null).member("expires_in", null)));
    scene.op().fault("userinfo", Fault.none().status(503).text("{}"));
    scene.clock().pass(Duration.ofMinutes(15));

    assertThat(browser.get("/x").status()).isEqualTo(503);
    assertSession(browser, "130910921");

    scene.op().mend();
    scene.clock().pass(Duration.ofSeconds(6));
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("130910921");
  }

  @Test
  @Rule("TH-IDT-17")
  void aRefreshLooksTheUserUpAgain() {
    Browser browser =
        scene.signedIn(plan(USER).refreshable(300).refresh(Fault.none().member("id_token", null)));
    scene.clock().pass(Duration.ofSeconds(290));
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("130910921");
    assertThat(scene.op().calls("token")).hasSize(2);

    scene.op().fault("userinfo", Fault.none().text(USER.replace("130910921", "7")));
    scene.clock().pass(Duration.ofSeconds(290));
    scene.app().forget();
    assertSentToOp(browser.get("/x"));
    assertAppUnreached();
    assertNoSession(browser);
  }

  @Test
  @Rule("TH-IDT-16")
  void anAddressThatNobodyVerifiedOpensNoDoor() {
    String rules =
        """
        rules:
          - {path: /mail/**, access: login, require: {email: dal@example.com}}
        """;
    try (Scene strict = Scene.open(door, PROVIDER + rules)) {
      Browser browser = strict.signedIn(plan(USER));
      Reply refused = browser.get("/mail/x");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(App.made(refused)).isFalse();
    }
    String verified = PROVIDER.replace("{sub:", "{email_verified: /result/ok, sub:");
    try (Scene mended = Scene.open(door, verified + rules)) {
      for (String value : List.of("\"true\"", "1", "false")) {
        Plan plan = plan(USER.replace("\"name\"", "\"ok\":" + value + ",\"name\""));
        assertThat(mended.signedIn(plan).get("/mail/x").status()).isEqualTo(403);
      }
      Plan plan = plan(USER.replace("\"name\"", "\"ok\":true,\"name\""));
      assertThat(App.made(mended.signedIn(plan).get("/mail/x"))).isTrue();
    }
  }

  @Test
  void anOpenIdProviderWithoutMetadataIsAskedAtItsConfiguredEndpoints() {
    String configured =
        """
        provider:
          authorization-endpoint: "{op}/authorize"
          token-endpoint: "{op}/token"
          jwks-uri: "{op}/jwks"
          end-session-endpoint: "{op}/end_session"
        """;
    try (Scene mixed = Scene.open(door, configured, op -> op.fault("discovery", gone()))) {
      Browser browser = mixed.browser();
      LoginAttempt attempt = mixed.login(browser, "/x");
      assertThat(attempt.request()).containsKey("nonce");
      attempt.complete();

      assertThat(mixed.userSeen(browser, "/x")).isEqualTo("alice-1");
      assertThat(mixed.op().calls("discovery")).isEmpty();

      LoginAttempt forged = mixed.login(mixed.browser(), "/x");
      forged.plan(Plan.honest().token(Fault.none().member("id_token", null)));
      assertThat(forged.comeBack().status()).isEqualTo(502);
    }
  }

  private static Fault gone() {
    return Fault.none().status(404).text("{}");
  }

  @Test
  void logoutAndSessionPageWorkWithoutIdTokens() {
    Browser browser = scene.signedIn(plan(USER));

    Reply session =
        browser.send(Ask.get("/gatehouse/session").kind(Ask.Kind.XHR).site("same-origin"));

    assertThat(session.status()).isEqualTo(200);
    assertThat(session.text()).doesNotContain("token");
    Map<String, List<String>> request = scene.login(scene.browser(), "/y").request();
    assertThat(request).doesNotContainKey("nonce");
  }
}
