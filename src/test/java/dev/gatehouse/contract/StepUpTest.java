package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that want a stronger, a newer or a wider login than the session has (RFC 9470 §4). */
class StepUpTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        rules:
          - {path: /gold/**, access: login, require: {acr: gold}}
          - {path: /recent/**, access: login, max-age: 5m}
          - {path: /mail/**, access: login, scopes: [mail]}
          - {path: /profile/**, access: login, scopes: [profile]}
          - {path: /admin/**, access: login, require: {groups: admins, acr: gold}}
        """;
  }

  private static Plan gold() {
    return Plan.honest().idToken(TokenRecipe.correct().claim("acr", "gold"));
  }

  private Plan authenticatedAgo(Duration age) {
    long time = scene.clock().instant().minus(age).getEpochSecond();
    return Plan.honest().idToken(TokenRecipe.correct().claim("auth_time", time));
  }

  private void assertReaches(Browser browser, String target) {
    assertThat(scene.userSeen(browser, target)).isEqualTo("alice-1");
  }

  @Test
  @Rule("TH-AUTHZ-14")
  @Rule("TH-SES-3")
  void strongerLoginIsAskedForAndGetsANewSession() {
    Browser browser = scene.signedIn();
    Browser before = browser.copy();
    scene.app().forget();

    LoginAttempt stepUp = scene.login(browser, "/gold/x?a=1").plan(gold());
    assertThat(stepUp.request("acr_values")).isEqualTo("gold");
    assertThat(stepUp.request("scope")).isEqualTo("openid profile email");
    assertAppUnreached();
    assertSession(browser, "alice-1");

    assertThat(stepUp.comeBack().location()).isEqualTo("/gold/x?a=1#");
    assertReaches(browser, "/gold/x?a=1");
    assertThat(browser.cookies().get(Scene.SESSION_COOKIE))
        .isNotEqualTo(before.cookies().get(Scene.SESSION_COOKIE));
    assertNoSession(before);
  }

  @Test
  @Rule("TH-AUTHZ-14")
  @Rule("TH-IDT-10")
  void opThatIgnoresTheDemandMakesAPageAndNoLoop() {
    Browser browser = scene.signedIn();
    Browser before = browser.copy();

    Reply reply = scene.login(browser, "/gold/x").comeBack();

    assertRefused(reply, 403);
    assertThat(reply.location()).isNull();
    assertSession(before, "alice-1");
    assertReaches(browser, "/x");
    assertSentToOp(browser.get("/gold/x"));
  }

  @Test
  @Rule("TH-AUTHZ-14")
  void firstLoginIsHeldToTheRuleOfItsPage() {
    LoginAttempt weak = scene.login(scene.browser(), "/gold/x");
    assertThat(weak.request("acr_values")).isEqualTo("gold");
    assertRefused(weak.comeBack(), 403);
    assertNoSession(weak.browser());

    LoginAttempt strong = scene.login(scene.browser(), "/gold/x").plan(gold()).complete();
    assertReaches(strong.browser(), "/gold/x");
  }

  @ParameterizedTest
  @Rule("TH-AUTHZ-12")
  @ValueSource(strings = {"GET", "POST"})
  void scriptIsToldWhatIsMissing(String method) {
    Browser browser = scene.signedIn();
    scene.app().forget();

    Reply reply =
        browser.send(
            Ask.of(method, "/gold/x")
                .kind(Ask.Kind.XHR)
                .site("same-origin")
                .header("Accept", "application/json"));

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
    assertThat(reply.header("WWW-Authenticate"))
        .contains("error=\"insufficient_user_authentication\"")
        .contains("acr_values=\"gold\"");
    assertThat(reply.cookies()).isEmpty();
    assertAppUnreached();
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-AUTHZ-13")
  void formIsNotSentAgainAfterAStepUp() {
    Browser browser = scene.signedIn();
    scene.app().forget();

    Reply reply = browser.send(Ask.form("/gold/pay", java.util.Map.of("amount", "1")));

    assertRefused(reply, 401);
    assertAppUnreached();
  }

  @Test
  void whoIsNotAllowedAnywayIsNotSentToTheOp() {
    Browser browser = scene.signedIn();

    assertRefused(browser.get("/admin/x"), 403);
  }

  @Test
  @Rule("TH-AUTHZ-14")
  void loginThatHasBecomeTooOldIsRepeated() {
    scene.clock().stand();
    Browser browser = scene.signedIn();
    assertReaches(browser, "/recent/x");
    scene.clock().pass(Duration.ofMinutes(5).minusSeconds(1));
    assertReaches(browser, "/recent/x");
    scene.clock().pass(Duration.ofSeconds(2));

    LoginAttempt stepUp = scene.login(browser, "/recent/x");
    assertThat(stepUp.request("max_age")).isEqualTo("300");
    assertReaches(browser, "/x");

    stepUp.complete();
    assertReaches(browser, "/recent/x");
  }

  @Test
  @Rule("TH-IDT-10")
  @Rule("TH-AUTHZ-14")
  void oldLoginOfTheOpIsNotNewByComingFromThere() {
    Browser browser = scene.signedIn(authenticatedAgo(Duration.ofMinutes(6)));
    assertReaches(browser, "/x");

    LoginAttempt stepUp =
        scene.login(browser, "/recent/x").plan(authenticatedAgo(Duration.ofMinutes(6)));
    assertRefused(stepUp.comeBack(), 403);
    assertSession(browser, "alice-1");

    scene.login(browser, "/recent/x").plan(authenticatedAgo(Duration.ofMinutes(4))).complete();
    assertReaches(browser, "/recent/x");
  }

  @Test
  @Rule("TH-IDT-10")
  void authenticationTimeIsNeededOnceItMatters() {
    Browser browser =
        scene.signedIn(Plan.honest().idToken(TokenRecipe.correct().claim("auth_time", null)));

    LoginAttempt stepUp =
        scene
            .login(browser, "/recent/x")
            .plan(Plan.honest().idToken(TokenRecipe.correct().claim("auth_time", null)));

    assertRefused(stepUp.comeBack(), 403);
  }

  @Test
  @Rule("TH-AUTHZ-9")
  void scopeOfOneRouteIsAskedForThereAlone() {
    Browser browser = scene.signedIn();
    LoginAttempt stepUp = scene.login(browser, "/mail/x");
    assertThat(stepUp.request("scope")).isEqualTo("openid profile email mail");
    stepUp.complete();
    assertReaches(browser, "/mail/x");

    assertThat(scene.login(scene.browser(), "/x").request("scope"))
        .isEqualTo("openid profile email");
  }

  @Test
  @Rule("TH-TOK-10")
  void scopeThatTheOpDoesNotGrantIsAPageAndNoLoop() {
    Browser browser = scene.browser();
    scene
        .login(browser, "/x")
        .plan(Plan.honest().token(Fault.none().member("scope", "openid email wider")))
        .complete();
    assertReaches(browser, "/x");
    assertRefused(browser.get("/profile/x"), 403);

    scene
        .login(browser, "/mail/x")
        .plan(Plan.honest().token(Fault.none().member("scope", "openid profile email wider")))
        .complete();
    assertRefused(browser.get("/mail/x"), 403);
    assertReaches(browser, "/profile/x");
  }

  @Test
  @Rule("TH-TOK-14")
  @Rule("TH-AUTHZ-14")
  void refreshMakesNoLoginNewerAndNoScopeWider() {
    for (String store : new String[] {"memory", "cookie"}) {
      try (Scene refreshing =
          Scene.open(door, configuration() + "session: {store: " + store + "}")) {
        Browser browser = refreshing.browser();
        refreshing
            .login(browser, "/mail/x")
            .plan(
                Plan.honest()
                    .refreshable(280)
                    .idToken(TokenRecipe.correct().claim("acr", "gold"))
                    .refresh(Fault.none().member("scope", "openid profile email mail wider")))
            .complete();
        assertThat(refreshing.userSeen(browser, "/gold/x")).isEqualTo("alice-1");
        refreshing.clock().pass(Duration.ofSeconds(270));
        assertThat(refreshing.userSeen(browser, "/x")).isEqualTo("alice-1");
        refreshing.clock().pass(Duration.ofSeconds(35));

        assertThat(App.made(browser.get("/recent/x"))).as(store).isFalse();
        assertThat(refreshing.userSeen(browser, "/gold/x")).as(store).isEqualTo("alice-1");
        assertThat(refreshing.userSeen(browser, "/mail/x")).as(store).isEqualTo("alice-1");
      }
    }
  }

  @Test
  @Rule("TH-TOK-10")
  void scopeThatARefreshTakesAwayIsGone() {
    Browser browser = scene.browser();
    scene
        .login(browser, "/mail/x")
        .plan(
            Plan.honest()
                .refreshable(280)
                .refresh(Fault.none().member("scope", "openid profile email")))
        .complete();
    assertReaches(browser, "/mail/x");
    scene.clock().pass(Duration.ofSeconds(270));

    assertThat(App.made(browser.get("/mail/x"))).isFalse();
    assertReaches(browser, "/profile/x");
  }
}
