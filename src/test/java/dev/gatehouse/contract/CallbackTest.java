package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §4: the redirection endpoint. */
@OverHttp2
class CallbackTest extends ContractTest {
  private static final String CALLBACK = "/gatehouse/callback";

  private LoginAttempt attempt() {
    return scene.login(scene.browser(), "/x");
  }

  @ParameterizedTest
  @Rule("TH-CB-3")
  @Rule("TH-CB-5")
  @Rule("TH-CB-11")
  @Rule("TH-QUIRK-5")
  @ValueSource(
      strings = {
        "?code={code}&code=other&state={state}",
        "?code=other&code={code}&state={state}",
        "?code={code}&state={state}&state=other",
        "?code={code}&state=other&state={state}",
        "?code={code}&state={state}&error=access_denied",
        "?code={code}&state={state}&iss=a&iss=b",
        "?error=a&error=b&state={state}",
        "?code=a%00b&state={state}",
        "?code=a%0d%0ab&state={state}",
        "?code=a%c3%a9&state={state}",
        "?code=&state={state}",
        "?code=%ZZ&state={state}",
        "?access_token=T0KENVALUE0123456789&token_type=Bearer&state={state}",
        "?id_token=e30.e30.x&state={state}",
        "?code={code}&access_token=T0KENVALUE0123456789&state={state}",
        "?CODE={code}",
        "?",
        "",
      })
  void malformedResponseIsRefusedBeforeAnyTokenCall(String query) {
    LoginAttempt attempt = attempt();

    assertRefused(attempt.comeBackWith(query), 400);
    assertNoTokenCall();
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-CB-5")
  void codeLengthIsNotGuessedAtBelowTheCap() {
    LoginAttempt longest =
        attempt().plan(Plan.honest().answer("code", "c".repeat(4096))).complete();
    assertSession(longest.browser(), "alice-1");
    scene.op().forgetCalls();

    LoginAttempt tooLong = attempt().plan(Plan.honest().answer("code", "c".repeat(4097)));
    assertRefused(tooLong.comeBack(), 400);
    assertNoTokenCall();
  }

  @Test
  @Rule("TH-CB-5")
  void everyVisibleCharacterOfACodeIsSentOnUnchanged() {
    StringBuilder code = new StringBuilder("&client_id=evil");
    for (char c = 0x20; c < 0x7f; c++) {
      code.append(c);
    }
    attempt().plan(Plan.honest().answer("code", code.toString())).complete();

    assertThat(scene.op().calls("token").get(0).form("code")).isEqualTo(code.toString());
    assertThat(scene.op().calls("token").get(0).form()).doesNotContainKey("client_id");
  }

  @Test
  @Rule("TH-CB-4")
  void unknownParametersGoNowhere() {
    LoginAttempt attempt =
        attempt()
            .plan(Plan.honest().answer("session_state", "unknown-1").answer("foo", "unknown-2"));
    Reply back = attempt.comeBack();
    scene.userSeen(attempt.browser(), "/x");

    assertThat(back.status()).isEqualTo(303);
    assertThat(back.whole()).doesNotContain("unknown-");
    assertThat(scene.app().only().everything()).doesNotContain("unknown-");
    assertThat(new String(scene.op().calls("token").get(0).body())).doesNotContain("unknown-");
  }

  @ParameterizedTest
  @Rule("TH-CB-2")
  @ValueSource(strings = {"HEAD", "POST", "PUT", "OPTIONS", "DELETE"})
  void otherMethodsUseNoCode(String method) {
    LoginAttempt attempt = attempt();
    Reply reply = attempt.browser().send(Ask.of(method, attempt.callbackUrl()).site("same-origin"));

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("GET");
    assertNoTokenCall();
    assertNoSession(attempt.browser());

    attempt.complete();
    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @Rule("TH-CB-1")
  void badStateIsToldBeforeABadIssuerAndUsesNoCode() {
    LoginAttempt attempt = attempt();

    assertRefused(attempt.comeBackWith("?code={code}&state=x&iss=https://evil.example"), 403);
    assertNoTokenCall();

    attempt.complete();
  }

  @ParameterizedTest
  @Rule("TH-CB-6")
  @ValueSource(strings = {"https://evil.example", "", "ISSUER/", "HTTPISSUER"})
  void issuerParameterThatIsNotTheTransactionsIsRefused(String issuer) {
    String own = scene.op().issuer();
    String sent = issuer.replace("HTTPISSUER", own.replace("http", "HTTP")).replace("ISSUER", own);
    LoginAttempt attempt = attempt().plan(Plan.honest().answer("iss", sent));

    Reply reply = attempt.comeBack();
    assertRefused(reply, 403);
    assertThat(reply.text()).doesNotContain("evil");
    assertNoTokenCall();

    LoginAttempt good = attempt().plan(Plan.honest().answer("iss", own)).complete();
    assertSession(good.browser(), "alice-1");
  }

  @Test
  @Rule("TH-CB-6")
  void promisedIssuerParameterMustBeThereOnErrorsToo() {
    try (Scene promised = Scene.open(door, "", op -> op.promiseIssuer())) {
      promised.login(promised.browser(), "/x").complete();
      promised.op().forgetCalls();

      Plan withheld = Plan.honest().answer("iss", null);
      Plan error = Plan.honest().answer("iss", null).answer("error", "access_denied");
      for (Plan plan : List.of(withheld, error)) {
        LoginAttempt attempt = promised.login(promised.browser(), "/x").plan(plan);
        Reply reply = attempt.comeBack();
        assertRefused(reply, 403);
      }
      assertThat(promised.op().calls("token")).isEmpty();
    }
  }

  @Test
  @Rule("TH-CB-7")
  @Rule("TH-CB-8")
  @Rule("TH-CB-9")
  @Rule("TH-QUIRK-2")
  void successRedirectsToACleanUrlWithAnEmptyFragment() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x?a=%26&b=a+b%20c&empty=&x");
    Reply reply = attempt.comeBack();

    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.location()).isEqualTo("/x?a=%26&b=a+b%20c&empty=&x#");
    assertThat(reply.body()).isEmpty();
    assertOwnHeaders(reply);
  }

  @Test
  @Rule("TH-CB-10")
  @Rule("TH-CFG-14")
  void appServesNothingBelowTheReservedPrefix() {
    Browser browser = scene.signedIn();
    scene.app().forget();

    for (String path :
        List.of(
            CALLBACK,
            CALLBACK + "/",
            CALLBACK + "/x",
            "/gatehouse",
            "/gatehouse/",
            "/gatehouse/x",
            "/GATEHOUSE/x",
            "/gatehouse/callback;jsessionid=1")) {
      assertThat(App.made(browser.get(path))).as(path).isFalse();
    }
    assertAppUnreached();
    assertThat(App.made(browser.get("/gatehouse-of-the-app"))).isTrue();
  }

  @Test
  @Rule("TH-CB-12")
  @Rule("TH-QUIRK-16")
  void bareCallbackOffersANewStart() {
    Reply reply = scene.browser().get(CALLBACK);

    assertRefused(reply, 400);
    assertThat(reply.text()).contains("href=\"/\"");
  }

  @ParameterizedTest
  @Rule("TH-CB-13")
  @EnumSource(
      value = Ask.Kind.class,
      names = {"IFRAME", "OBJECT", "IMAGE", "SCRIPT", "STYLE", "XHR"})
  void onlyADocumentMayBringACode(Ask.Kind kind) {
    LoginAttempt attempt = attempt();

    // Same-site, so that the browser sends the transaction cookie in any case.
    Reply reply =
        attempt.browser().send(Ask.get(attempt.callbackUrl()).kind(kind).site("same-origin"));

    assertRefused(reply, 403);
    assertNoTokenCall();
    attempt.complete();
  }

  @Test
  @Rule("TH-CB-14")
  void reloadWithALiveSessionLeadsBackToTheApp() {
    LoginAttempt attempt = attempt().complete();
    scene.op().forgetCalls();

    Reply reply = attempt.comeBack();

    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.location()).startsWith("/").doesNotStartWith("//");
    assertNoTokenCall();
    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @Rule("TH-CB-14")
  void reloadWithoutASessionIsAPageAndNoLoop() {
    LoginAttempt attempt = attempt().complete();
    attempt.browser().loseCookie(Scene.SESSION_COOKIE);

    assertRefused(attempt.comeBack(), 403);
  }

  @Test
  @Rule("TH-CB-15")
  void browserThatKeepsLosingItsSessionIsStopped() {
    Browser browser = scene.browser();
    for (int round = 0; round < 3; round++) {
      scene.login(browser, "/x").complete();
      browser.loseCookie(Scene.SESSION_COOKIE);
    }
    Reply fourth = scene.login(browser, "/x").comeBack();

    assertRefused(fourth, 429);
    assertThat(fourth.header("Retry-After")).isNotNull();
  }

  @Test
  @Rule("TH-CB-15")
  void userWhoSignsInOftenWithAWorkingCookieIsNotStopped() {
    Browser browser = scene.browser();
    for (int round = 0; round < 6; round++) {
      scene.login(browser, "/gatehouse/login?rd=/x").complete();
      assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
    }
  }

  @ParameterizedTest
  @Rule("TH-CB-16")
  @CsvSource({
    "access_denied, 403",
    "server_error, 502",
    "temporarily_unavailable, 503",
    "invalid_scope, 502",
    "<img src=x onerror=xyzzy>, 502",
  })
  void errorsOfTheOpHaveFixedTexts(String error, int status) {
    LoginAttempt attempt =
        attempt()
            .plan(
                Plan.honest()
                    .answer("error", error)
                    .answer("error_description", "call +1-555-xyzzy\r\nX-Injected: 1")
                    .answer("error_uri", "https://evil.example/xyzzy"));
    Reply reply = attempt.comeBack();

    assertRefused(reply, status);
    assertThat(reply.whole()).doesNotContain("xyzzy").doesNotContain("evil.example");
    assertThat(reply.header("X-Injected")).isNull();
    assertNoTokenCall();
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-CB-16")
  void loginRequiredStartsOneInteractiveLogin() {
    LoginAttempt first = attempt().plan(Plan.honest().answer("error", "login_required"));
    Reply again = first.comeBack();
    assertSentToOp(again);
    assertThat(again.locationQuery()).doesNotContainEntry("prompt", List.of("none"));

    scene
        .op()
        .plan(
            again.locationQuery().get("state").get(0),
            Plan.honest().answer("error", "login_required"));
    Reply atOp = first.browser().send(Ask.get(again.location()).site("cross-site"));
    assertRefused(first.browser().send(Ask.get(atOp.location()).site("cross-site")), 403);
  }

  @ParameterizedTest
  @Rule("TH-SEC-10")
  @ValueSource(
      strings = {
        "?foo=Call%20%2B1-555-xyzzy",
        "?state=%22%3E%3Cscript%3Exyzzy%3C/script%3E&code=zz",
        "/%3Cscript%3Exyzzy%3C/script%3E",
        "?session=iframe_rp&login_uri=javascript:xyzzy",
        "?iss=https://xyzzy.example&target_link_uri=https://xyzzy.example/",
      })
  void nothingOfTheRequestIsEchoed(String rest) {
    Reply reply = scene.browser().get(CALLBACK + rest);

    assertThat(reply.status()).isBetween(400, 499);
    assertThat(reply.whole()).doesNotContain("xyzzy");
    assertThat(scene.op().calls()).isEmpty();
  }

  @Test
  @Rule("TH-DOS-4")
  void sixthRejectedCodeIsNotSentToTheOp() {
    Browser browser = scene.browser();
    for (int i = 0; i < 5; i++) {
      LoginAttempt attempt = scene.login(browser, "/x");
      assertRefused(attempt.comeBackWith("?code=guess" + i + "&state={state}"), 400);
    }
    LoginAttempt sixth = scene.login(browser, "/x");
    assertRefused(sixth.comeBackWith("?code=guess&state={state}"), 429);
    assertThat(scene.op().calls("token")).hasSize(5);

    scene.login(scene.browser(), "/another-client").complete();
  }

  @Test
  @Rule("TH-DOS-4")
  void fiveBadCodesOfOneColleagueDoNotStopTheOffice() {
    Browser colleague = scene.browser();
    Browser other = colleague.copy();
    for (int i = 0; i < 5; i++) {
      scene.login(colleague, "/x").comeBackWith("?code=guess" + i + "&state={state}");
    }
    assertRefused(scene.login(colleague, "/x").comeBack(), 429);

    scene.login(other, "/x").complete();
  }

  @Test
  @Rule("TH-DOS-4")
  void whoForgetsThatHisCodesAreBadIsCountedByHisAddress() {
    Browser office = scene.browser();
    for (int i = 0; i < 100; i++) {
      LoginAttempt attempt = scene.login(office.copy(), "/x");
      assertRefused(attempt.comeBackWith("?code=guess" + i + "&state={state}"), 400);
    }
    assertRefused(scene.login(office.copy(), "/x").comeBack(), 429);
    assertThat(scene.op().calls("token")).hasSize(100);

    scene.login(scene.browser(), "/another-client").complete();
  }
}
