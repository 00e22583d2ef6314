package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §16: what is adapted to, what is warned of, and what is refused. */
class QuirksTest extends ContractTest {
  private static final String SCOPE_RULES =
      """
      rules:
        - {path: /mail/**, access: login, scopes: [email]}
      """;

  @Override
  protected String configuration() {
    return "session: {idle-timeout: 4h}";
  }

  private static Plan tokens(Fault fault) {
    return Plan.honest().token(fault);
  }

  private long linesWith(String text) {
    return LeakWatch.lines().stream().filter(line -> line.contains(text)).count();
  }

  @Test
  @Rule("TH-QUIRK-1")
  void commasBetweenScopesAreSentAndReadByTheSwitchAlone() {
    try (Scene comma = Scene.open(door, "provider: {scope-separator: comma}\n" + SCOPE_RULES)) {
      Browser browser = comma.browser();
      LoginAttempt attempt = comma.login(browser, "/x");
      assertThat(attempt.start().location()).contains("scope=openid%2Cprofile%2Cemail&");
      attempt.plan(tokens(Fault.none().member("scope", "openid,email profile"))).complete();
      assertThat(comma.userSeen(browser, "/mail/x")).isEqualTo("alice-1");
    }
    try (Scene space = Scene.open(door, SCOPE_RULES)) {
      Browser browser = space.browser();
      LoginAttempt attempt = space.login(browser, "/x");
      assertThat(attempt.request("scope")).isEqualTo("openid profile email");
      attempt.plan(tokens(Fault.none().member("scope", "openid,email profile"))).complete();
      assertThat(browser.get("/mail/x").status()).isIn(302, 403);
      space.app().forget();
    }
  }

  @Test
  @Rule("TH-QUIRK-2")
  void facebooksFragmentIsNotInherited() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x").plan(Plan.honest().fragment("_=_"));
    assertThat(attempt.callbackUrl()).endsWith("#_=_");

    Reply done = attempt.comeBack();

    assertThat(done.location()).endsWith("/x#");
    assertThat(done.status()).isEqualTo(303);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?code={code}", "?code={code}&state="})
  @Rule("TH-QUIRK-3")
  void anOpThatForgetsTheStateLogsNobodyIn(String query) {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");

    assertRefused(attempt.comeBackWith(query), 403);
    assertNoTokenCall();
    assertNoSession(attempt.browser());
    assertThat(attempt.comeBackWith("?code={code}&state={state}").status()).isEqualTo(303);
  }

  @Test
  @Rule("TH-QUIRK-4")
  void anOpWithoutScopesGetsNoneAndKeepsNoRefreshToken() {
    String without =
        """
        provider:
          scopes: []
          authorization-endpoint: "{op}/authorize"
          token-endpoint: "{op}/token"
          userinfo-endpoint: "{op}/userinfo"
          userinfo-claims: {sub: /sub}
        """;
    try (Scene unscoped = Scene.open(door, without)) {
      assertThat(linesWith("op-weak:no-scope")).isOne();
      Browser browser = unscoped.browser();
      LoginAttempt attempt = unscoped.login(browser, "/x").plan(Plan.honest().refreshable(300));
      assertThat(attempt.request()).doesNotContainKey("scope");
      attempt.complete();

      unscoped.clock().pass(Duration.ofSeconds(290));
      assertThat(unscoped.userSeen(browser, "/x")).isEqualTo("alice-1");
      assertThat(unscoped.op().calls("token")).hasSize(1);
      LeakWatch.assertNoSecret(unscoped.app().only().everything());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"access_token", "id_token", "token"})
  @Rule("TH-QUIRK-5")
  void aTokenInTheQueryIsRefusedUnused(String name) {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    attempt.callbackUrl();

    Reply reply = attempt.comeBackWith("?" + name + "=T-4711-of-the-op&state={state}");

    assertRefused(reply, 400);
    assertNoTokenCall();
    assertThat(reply.whole()).doesNotContain("T-4711");
    assertThat(linesWith("T-4711")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"107401", "52317", "abcdefghijklmnopqrstu", "123456789012345678901234"})
  @Rule("TH-QUIRK-6")
  void aCodeThatCanBeGuessedIsReportedOnce(String code) {
    try (Scene fresh = Scene.open(door, "")) {
      for (int i = 0; i < 2; i++) {
        fresh.login(fresh.browser(), "/x").plan(Plan.honest().answer("code", code)).complete();
      }
      assertThat(linesWith("weak-code")).isOne();
      assertThat(linesWith(code)).isZero();
    }
  }

  @Test
  @Rule("TH-QUIRK-6")
  void aCodeOf128BitsIsNotReported() {
    scene
        .login(scene.browser(), "/x")
        .plan(Plan.honest().answer("code", "abcdefghijklmnopqrstuv"))
        .complete();

    assertThat(linesWith("weak-code")).isZero();
  }

  @Test
  @Rule("TH-QUIRK-6")
  @Rule("TH-CFG-13")
  void aStrictGatewayTakesNoCodeThatCanBeGuessed() {
    try (Scene strict = Scene.open(door, "strict: true", op -> op.promiseIssuer())) {
      LoginAttempt weak =
          strict.login(strict.browser(), "/x").plan(Plan.honest().answer("code", "107401"));
      Reply reply = weak.comeBack();

      assertThat(reply.status()).isEqualTo(502);
      assertThat(strict.op().calls("token")).isEmpty();
      strict.login(strict.browser(), "/x").complete();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\"3600\"', 3600",
    "'3600', 3600",
    "'-1', 0",
    "'0', 0",
    "'1e99', 900",
    "'\"1h\"', 900",
    "'\"-1\"', 900",
    "'12.5', 900",
    "'31536001', 900",
    "'null', 900",
    "'true', 900"
  })
  @Rule("TH-QUIRK-9")
  @Rule("TH-QUIRK-10")
  void anOddLifetimeIsNeverForEver(String json, long seconds) {
    Object value = json.equals("null") ? null : parsed(json);
    Browser browser =
        scene.signedIn(
            Plan.honest().refreshable(300).token(Fault.none().member("expires_in", value)));
    scene.op().forgetCalls();

    if (seconds > 60) {
      scene.clock().pass(Duration.ofSeconds(seconds - 60));
      assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
      assertThat(scene.op().calls("token")).isEmpty();
      scene.clock().pass(Duration.ofSeconds(40));
    }
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
    assertThat(scene.op().calls("token")).hasSize(1);
  }

  private static Object parsed(String json) {
    if (json.startsWith("\"")) {
      return json.replace("\"", "");
    }
    return json.equals("true") ? (Object) true : new BigDecimal(json);
  }

  @Test
  @Rule("TH-QUIRK-9")
  void aMissingLifetimeIsWarnedOf() {
    try (Scene fresh = Scene.open(door, "")) {
      fresh.signedIn(tokens(Fault.none().member("expires_in", null)));
      fresh.signedIn(tokens(Fault.none().member("expires_in", null)));
      assertThat(linesWith("no-expires-in")).isOne();
    }
  }

  @ParameterizedTest
  @CsvSource({"bearer, true", "BEARER, true", "mac, false", "'', false", "DPoP, false"})
  @Rule("TH-QUIRK-11")
  @Rule("TH-TOK-8")
  void theCaseOfTheTokenTypeDoesNotMatterItsNameDoes(String type, boolean good) {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    attempt.plan(tokens(Fault.none().member("token_type", type)));

    assertThat(attempt.comeBack().status()).isEqualTo(good ? 303 : 502);
  }

  @Test
  @Rule("TH-QUIRK-11")
  void anAbsentTokenTypeNeedsTheSwitchAndIsWarnedOf() {
    Fault without = Fault.none().member("token_type", null);
    LoginAttempt refused = scene.login(scene.browser(), "/x").plan(tokens(without));
    assertRefused(refused.comeBack(), 502);

    try (Scene lenient = Scene.open(door, "provider: {missing-token-type: accept}")) {
      lenient.login(lenient.browser(), "/x").plan(tokens(without)).complete();
      lenient.login(lenient.browser(), "/x").plan(tokens(without)).complete();
      assertThat(linesWith("token-type-missing")).isOne();
      LoginAttempt wrong = lenient.login(lenient.browser(), "/x");
      wrong.plan(tokens(Fault.none().member("token_type", "mac")));
      assertThat(wrong.comeBack().status()).isEqualTo(502);
    }
  }

  @Test
  @Rule("TH-QUIRK-12")
  void aFormEncodedTokenResponseNeedsTheSwitch() {
    LoginAttempt refused = scene.login(scene.browser(), "/x").plan(tokens(Fault.none().form()));
    assertRefused(refused.comeBack(), 502);

    try (Scene form = Scene.open(door, "provider: {token-response-format: form}")) {
      Browser browser = form.browser();
      form.login(browser, "/x").plan(tokens(Fault.none().form())).complete();
      assertThat(form.userSeen(browser, "/x")).isEqualTo("alice-1");
      form.login(form.browser(), "/x").complete();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/x-www-form-urlencoded | access_token=a&access_token=b&token_type=bearer",
        "application/x-www-form-urlencoded | access_token=%zz&token_type=bearer",
        "application/x-www-form-urlencoded | error=invalid_request&access_token=a",
        "text/plain | access_token=abc&token_type=bearer",
        "text/html | access_token=abc&token_type=bearer"
      })
  @Rule("TH-QUIRK-12")
  void evenWithTheSwitchTheFormHasToBeOne(String type, String body) {
    try (Scene form = Scene.open(door, "provider: {token-response-format: form}")) {
      LoginAttempt attempt = form.login(form.browser(), "/x");
      attempt.plan(tokens(Fault.none().contentType(type).text(body)));
      assertThat(attempt.comeBack().status()).isEqualTo(502);
      form.login(form.browser(), "/x").plan(tokens(Fault.none().form())).complete();
    }
  }

  @Test
  @Rule("TH-QUIRK-15")
  void aValueOfTheOpIsFetchedBeforeAndSentInBothSteps() {
    String url = "provider: {server-state-endpoint: '{op}/server_state'}";
    try (Scene extra = Scene.open(door, url)) {
      Browser browser = extra.browser();
      LoginAttempt first = extra.login(browser, "/x");
      LoginAttempt second = extra.login(browser, "/y");
      String value = first.request("server_state");
      assertThat(value).isNotEmpty().isNotEqualTo(second.request("server_state"));
      assertThat(first.request("state")).isNotEqualTo(value);
      assertThat(extra.op().calls("server_state")).hasSize(2);
      assertThat(extra.op().calls("server_state").get(0).method()).isEqualTo("POST");

      second.complete();
      first.complete();

      assertThat(extra.op().calls("token"))
          .extracting(call -> call.form("server_state"))
          .containsExactly(second.request("server_state"), value);
      assertThat(extra.userSeen(browser, "/x")).isEqualTo("alice-1");
    }
  }

  @Test
  @Rule("TH-QUIRK-15")
  void withoutThatValueNoLoginBegins() {
    String url = "provider: {server-state-endpoint: '{op}/server_state'}";
    try (Scene extra = Scene.open(door, url)) {
      for (Fault fault :
          List.of(
              Fault.none().status(500),
              Fault.none().text("{}"),
              Fault.none().text("{\"server_state\":\"a b\"}"),
              Fault.none().text("{\"server_state\":7}"))) {
        extra.op().fault("server_state", fault);
        Reply reply = extra.browser().get("/x");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isNotNull();
      }
      extra.op().mend();
      extra.login(extra.browser(), "/x").complete();
    }
  }

  @Test
  @Rule("TH-QUIRK-16")
  void anErrorAtHttp200IsAFailure() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    attempt.plan(tokens(Fault.none().member("error", "bad")));

    assertRefused(attempt.comeBack(), 502);
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-QUIRK-16")
  void anErrorInTheFragmentEndsOnAPageThatOffersANewStart() {
    Reply reply = scene.browser().get("/gatehouse/callback#error=access_denied&state=x");

    assertRefused(reply, 400);
    assertThat(reply.text()).contains("href=");
  }

  @Test
  @Rule("TH-QUIRK-17")
  void opaqueTokensSurviveTheRoundTrip() {
    String token = "a+b/c==d+e%2Bf/gh~i.j_k-l";
    Browser browser =
        scene.signedIn(
            Plan.honest().refreshable(300).token(Fault.none().member("refresh_token", token)));
    scene.op().fault("refresh", Fault.none().status(503).text("{}"));
    scene.clock().pass(Duration.ofSeconds(290));
    browser.get("/x");

    OpCall refresh = scene.op().calls("token").get(scene.op().calls("token").size() - 1);
    assertThat(refresh.form("refresh_token")).isEqualTo(token);
    assertThat(refresh.everything()).contains("refresh_token=a%2Bb%2Fc%3D%3Dd%2Be%252Bf%2F");
  }

  @Test
  @Rule("TH-QUIRK-18")
  void withoutPkceTheNonceStillTiesTheCodeToTheBrowser() {
    String off = "provider: {pkce: 'off'}";
    try (Scene without =
        Scene.open(
            door, off, op -> op.metadata("code_challenge_methods_supported", List.of("plain")))) {
      Browser browser = without.browser();
      LoginAttempt attempt = without.login(browser, "/x");
      assertThat(attempt.request())
          .doesNotContainKeys("code_challenge", "code_challenge_method")
          .containsKey("nonce");
      attempt.complete();

      assertThat(without.op().calls("token").get(0).form("code_verifier")).isNull();
      assertThat(without.userSeen(browser, "/x")).isEqualTo("alice-1");
      assertThat(linesWith("pkce: off")).isOne();

      LoginAttempt injected = without.login(without.browser(), "/x");
      LoginAttempt stolen = without.login(without.browser(), "/x");
      Reply reply = injected.comeBackWith("?code=" + stolen.code() + "&state={state}");
      assertThat(reply.status()).isEqualTo(403);
      assertNoSession(injected.browser());
    }
  }

  @Test
  @Rule("TH-QUIRK-13")
  @Rule("TH-QUIRK-8")
  void neitherSecretNorTokenIsEverInAUrlOfTheOp() {
    Browser browser = scene.signedIn(Plan.honest().claim("name", null).refreshable(300));
    scene.clock().pass(Duration.ofSeconds(290));
    browser.send(Ask.get("/x"));

    assertThat(scene.op().calls())
        .filteredOn(call -> !call.endpoint().equals("authorize"))
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.target()).doesNotContain("?"));
    assertThat(scene.op().calls("token")).allMatch(call -> call.method().equals("POST"));
  }
}
