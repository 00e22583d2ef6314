package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that the browser sends as a form from the OP's page (Form Post Response Mode). */
class FormPostTest extends ContractTest {
  private static final String CALLBACK = "/gatehouse/callback";

  @Override
  protected String configuration() {
    return "provider: {response-mode: form_post}";
  }

  @Override
  protected void provider(StubOp op) {
    op.promiseIssuer();
  }

  private LoginAttempt attempt() {
    return scene.login(scene.browser(), "/x?a=1");
  }

  private Ask post(String body) {
    return Ask.of("POST", CALLBACK)
        .site("cross-site")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body);
  }

  private static String body(LoginAttempt attempt) {
    return Query.write(attempt.posted().fields());
  }

  /** What a late form ends in: from here, with all cookies. */
  private static Reply followed(Browser browser, Reply reply) {
    assertThat(reply.status()).as("%s", reply).isEqualTo(303);
    assertThat(reply.location()).startsWith(CALLBACK + "?rd=");
    return browser.send(Ask.get(reply.location()).site("cross-site"));
  }

  @Test
  @Rule("TH-CB-2")
  @Rule("TH-CB-7")
  @Rule("TH-CB-8")
  @Rule("TH-STATE-10")
  void formBringsTheUserToHisPage() {
    LoginAttempt attempt = attempt();
    assertThat(attempt.request("response_mode")).isEqualTo("form_post");

    Reply reply = attempt.comeBack();

    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.location()).isEqualTo("/x?a=1#");
    assertThat(reply.body()).isEmpty();
    assertOwnHeaders(reply);
    assertThat(attempt.browser().cookies().keySet())
        .noneMatch(name -> name.startsWith(Scene.TRANSACTION_COOKIE));
    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @Rule("TH-CB-2")
  @Rule("TH-STATE-9")
  void transactionCookieTravelsCrossSiteAndTheSessionCookieDoesNot() {
    LoginAttempt attempt = attempt();

    assertThat(attempt.start().cookies())
        .singleElement()
        .satisfies(
            cookie -> {
              assertThat(cookie.name()).startsWith(Scene.TRANSACTION_COOKIE);
              assertThat(cookie.attribute("samesite")).isEqualTo("None");
              assertThat(cookie.attribute("secure")).isNotNull();
              assertThat(cookie.attribute("httponly")).isNotNull();
              assertThat(cookie.attribute("path")).isEqualTo("/");
              assertThat(Long.parseLong(cookie.attribute("max-age"))).isBetween(1L, 600L);
            });
    assertThat(attempt.comeBack().cookies())
        .filteredOn(cookie -> cookie.name().equals(Scene.SESSION_COOKIE))
        .singleElement()
        .satisfies(cookie -> assertThat(cookie.attribute("samesite")).isEqualTo("Lax"));
  }

  @Test
  @Rule("TH-CB-2")
  void codeInTheUrlIsNotUsed() {
    LoginAttempt attempt = attempt();

    assertRefused(attempt.browser().send(Ask.get(attempt.callbackUrl()).site("cross-site")), 403);
    assertNoTokenCall();
    attempt.complete();

    LoginAttempt byQuery = attempt().plan(Plan.honest().answeringByQuery());
    assertRefused(byQuery.comeBack(), 403);
    assertNoSession(byQuery.browser());
  }

  @ParameterizedTest
  @Rule("TH-CB-2")
  @ValueSource(strings = {"HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void otherMethodsUseNoCode(String method) {
    LoginAttempt attempt = attempt();

    Reply reply = attempt.browser().send(Ask.of(method, attempt.callbackUrl()).site("same-origin"));

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("GET, POST");
    assertNoTokenCall();
    attempt.complete();
  }

  @Test
  @Rule("TH-CB-2")
  void formIsRefusedWhereTheOpIsAskedForAQuery() {
    try (Scene query = Scene.open(door, "")) {
      LoginAttempt attempt = query.login(query.browser(), "/x");
      Reply reply =
          attempt
              .browser()
              .send(post(attempt.callbackUrl().split("\\?", 2)[1]).site("same-origin"));

      assertThat(reply.status()).isEqualTo(405);
      assertThat(query.op().calls("token")).isEmpty();
      attempt.complete();
    }
  }

  @ParameterizedTest
  @Rule("TH-CB-3")
  @Rule("TH-CB-5")
  @Rule("TH-CB-11")
  @ValueSource(
      strings = {
        "{form}&code=other",
        "{form}&state=other",
        "{form}&iss=other",
        "{form}&error=access_denied",
        "{form}&access_token=T0KENVALUE0123456789",
        "{form}&id_token=e30.e30.x",
        "{form}&x=%ZZ",
        "{form}&x=%ff",
        "",
        "&",
      })
  void malformedFormIsRefusedBeforeAnyTokenCall(String form) {
    LoginAttempt attempt = attempt();

    assertRefused(attempt.browser().send(post(form.replace("{form}", body(attempt)))), 400);
    assertNoTokenCall();
    attempt.complete();
  }

  @ParameterizedTest
  @Rule("TH-CB-2")
  @ValueSource(strings = {"multipart/form-data; boundary=x", "application/json", "text/plain", ""})
  void otherBodiesAreNotRead(String type) {
    LoginAttempt attempt = attempt();
    Ask ask = Ask.of("POST", CALLBACK).site("cross-site").body(body(attempt));

    Reply reply = attempt.browser().send(type.isEmpty() ? ask : ask.header("Content-Type", type));

    assertRefused(reply, 415);
    assertNoTokenCall();
    attempt.complete();
  }

  @Test
  @Rule("TH-CB-2")
  @Rule("TH-DOS-8")
  void hugeFormIsNotRead() {
    LoginAttempt attempt = attempt();

    Reply reply = attempt.browser().send(post(body(attempt) + "&x=" + "a".repeat(40_000)));

    assertThat(reply.status()).isEqualTo(413);
    assertNoTokenCall();
  }

  @ParameterizedTest
  @Rule("TH-CB-13")
  @EnumSource(
      value = Ask.Kind.class,
      names = {"IFRAME", "XHR"})
  void onlyADocumentMayBringACode(Ask.Kind kind) {
    LoginAttempt attempt = attempt();

    assertRefused(attempt.browser().send(post(body(attempt)).kind(kind)), 403);
    assertNoTokenCall();
    attempt.complete();
  }

  @Test
  @Rule("TH-STATE-2")
  @Rule("TH-STATE-3")
  void formOfAnotherBrowserIsRefused() {
    LoginAttempt attackers = attempt();
    Browser victim = scene.browser();

    Reply reply = followed(victim, victim.send(post(body(attackers))));

    assertRefused(reply, 400);
    assertNoTokenCall();
    assertNoSession(victim);
    attackers.complete();
  }

  @Test
  @Rule("TH-CB-6")
  void issuerCountsInAFormToo() {
    for (String issuer : new String[] {"https://evil.example", null}) {
      LoginAttempt attempt = attempt().plan(Plan.honest().answer("iss", issuer));
      assertRefused(attempt.comeBack(), 403);
    }
    LoginAttempt denied =
        attempt().plan(Plan.honest().answer("error", "access_denied").answer("iss", null));
    assertRefused(denied.comeBack(), 403);
    assertNoTokenCall();
  }

  @Test
  @Rule("TH-CB-16")
  void errorsHaveFixedTexts() {
    LoginAttempt attempt =
        attempt()
            .plan(
                Plan.honest()
                    .answer("error", "access_denied")
                    .answer("error_description", "xyzzy"));
    Reply reply = attempt.comeBack();

    assertRefused(reply, 403);
    assertThat(reply.text()).doesNotContain("xyzzy");
  }

  @Test
  @Rule("TH-CB-14")
  @Rule("TH-STATE-4")
  void formSentAgainLandsInTheAppAndUsesNoCode() {
    LoginAttempt attempt = attempt().complete();
    scene.op().forgetCalls();

    Reply landed = followed(attempt.browser(), attempt.comeBack());

    assertThat(landed.status()).isEqualTo(303);
    assertThat(landed.location()).isEqualTo("/#");
    assertNoTokenCall();
    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @Rule("TH-CB-14")
  void formSentAgainWithoutASessionIsAPageAndNoLoop() {
    LoginAttempt attempt = attempt().complete();
    attempt.browser().loseCookie(Scene.SESSION_COOKIE);

    assertRefused(followed(attempt.browser(), attempt.comeBack()), 400);
  }

  @Test
  @Rule("TH-STATE-5")
  @Rule("TH-STATE-6")
  void tabThatComesBackTooLateLandsOnItsPageWhereASessionLives() {
    Browser browser = scene.browser();
    LoginAttempt late = scene.login(browser, "/late?b=2");
    late.callbackUrl();
    scene.clock().pass(Duration.ofMinutes(9));
    scene.login(browser, "/in-time").complete();
    scene.clock().pass(Duration.ofMinutes(2));
    scene.op().forgetCalls();

    Reply landed = followed(browser, late.comeBack());

    assertThat(landed.location()).isEqualTo("/late?b=2#");
    assertNoTokenCall();
  }

  @ParameterizedTest
  @Rule("TH-REDIR-5")
  @ValueSource(strings = {"//evil.example", "https://evil.example/", "/gatehouse/logout", "\\x"})
  void theWayBackLeadsNowhereElse(String target) {
    Browser browser = scene.signedIn();

    Reply reply = browser.get(CALLBACK + "?rd=" + Query.encode(target));

    assertThat(reply.location()).isEqualTo("/#");
    assertRefused(scene.browser().get(CALLBACK + "?rd=" + Query.encode(target)), 400);
  }

  @Test
  @Rule("TH-STATE-12")
  @Rule("TH-SES-3")
  void loginOverAnotherUsersSessionReplacesItThoughItsCookieStaysHome() {
    Browser browser = scene.signedIn();
    Browser before = browser.copy();

    scene.login(browser, "/gatehouse/login?rd=/x").plan(Plan.honest().user(StubOp.BOB)).complete();

    assertSession(browser, "bob-2");
    assertNoSession(before);
  }

  @Test
  @Rule("TH-STATE-11")
  void codeOfAnotherUserIsRejectedByTheOp() {
    LoginAttempt victims = attempt();
    LoginAttempt own = attempt();
    Map<String, String> fields = new java.util.LinkedHashMap<>(own.posted().fields());
    fields.put("code", victims.posted().fields().get("code"));

    Reply reply = own.browser().send(post(Query.write(fields)));

    assertRefused(followed(own.browser(), reply), 400);
    assertNoSession(own.browser());
  }

  @Test
  @Rule("TH-DOS-4")
  void sixthRejectedCodeOfABrowserIsNotSentToTheOp() {
    Browser browser = scene.browser();
    for (int i = 0; i < 5; i++) {
      assertThat(browser.send(guess(browser, i)).status()).isEqualTo(303);
    }

    assertRefused(browser.send(guess(browser, 5)), 429);
    assertThat(scene.op().calls("token")).hasSize(5);
    attempt().complete();
  }

  private Ask guess(Browser browser, int number) {
    LoginAttempt attempt = scene.login(browser, "/x");
    return post(body(attempt).replaceFirst("code=[^&]*", "code=guess" + number));
  }

  @Test
  @Rule("TH-STATE-12")
  @Rule("TH-CB-16")
  void secondAttemptReplacesTheSessionThatTheFirstWouldHave() {
    Browser browser = scene.signedIn();
    Browser before = browser.copy();
    LoginAttempt first =
        scene
            .login(browser, "/gatehouse/login?rd=/x")
            .plan(Plan.honest().answer("error", "login_required"));

    Reply again = first.comeBack();
    assertSentToOp(again);
    scene.op().plan(again.locationQuery().get("state").get(0), Plan.honest().user(StubOp.BOB));
    Reply atOp = browser.send(Ask.get(again.location()).site("cross-site"));
    Reply done = browser.send(Form.in(atOp).submission().site("cross-site"));

    assertThat(done.location()).isEqualTo("/x#");
    assertSession(browser, "bob-2");
    assertNoSession(before);
  }
}
