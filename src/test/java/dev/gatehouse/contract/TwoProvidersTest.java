package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.Json;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two OPs, each for its own users and paths: nothing of the one works at the other. */
class TwoProvidersTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        default-provider: staff
        logout: {app-paths: [/partners/bye]}
        rules:
          - {path: /public/**, access: anonymous}
          - {path: /optional/**, access: optional}
          - {path: /partners/**, access: login, provider: partners}
          - {path: /staff/**, access: login, provider: staff}
        """;
  }

  @Override
  protected Scene open(DoorKind kind) {
    return Scene.openWithTwoOps(kind, configuration(), op -> {}, op -> {});
  }

  @BeforeEach
  void beginAnewAtTheOther() {
    scene.otherOp().mend();
    scene.otherOp().forgetCalls();
  }

  private Browser signedInAt(String target) {
    Browser browser = scene.browser();
    scene.login(browser, target).complete();
    return browser;
  }

  private static Reply script(Browser browser, String target) {
    return browser.send(Ask.get(target).kind(Ask.Kind.XHR).site("same-origin"));
  }

  private void assertAt(StubOp op, Reply reply) {
    assertThat(reply.status()).as("%s", reply).isEqualTo(302);
    assertThat(reply.location()).startsWith(op.issuer() + "/authorize?");
  }

  private void assertNoCallAnywhere() {
    assertNoTokenCall();
    assertThat(scene.otherOp().calls("token")).isEmpty();
  }

  @Test
  void theRuleNamesTheOpAndTheDefaultTakesTheRest() {
    assertAt(scene.otherOp(), scene.browser().get("/partners/x"));
    assertAt(scene.op(), scene.browser().get("/staff/x"));
    assertAt(scene.op(), scene.browser().get("/elsewhere"));
  }

  @Test
  void aLinkNamesTheOp() {
    assertAt(scene.otherOp(), scene.browser().get("/gatehouse/login?provider=partners&rd=/x"));
    assertAt(scene.op(), scene.browser().get("/gatehouse/login?rd=/x"));
  }

  @Test
  @Rule("TH-CFG-12")
  void eachOpHasARedirectUriOfItsOwn() {
    LoginAttempt staff = scene.login(scene.browser(), "/staff/x");
    LoginAttempt partners = scene.login(scene.browser(), "/partners/x");

    assertThat(staff.request("redirect_uri"))
        .isEqualTo(Scene.PUBLIC_URL + "/gatehouse/callback/staff");
    assertThat(partners.request("redirect_uri"))
        .isEqualTo(Scene.PUBLIC_URL + "/gatehouse/callback/partners");
    partners.complete();
    assertThat(scene.userSeen(partners.browser(), "/partners/x")).isEqualTo("alice-1");
    assertThat(scene.otherOp().calls("token")).hasSize(1);
    assertNoTokenCall();
  }

  @Test
  @Rule("TH-CFG-12")
  @Rule("TH-TOK-1")
  void anAnswerAtThePathOfAnotherOpIsRefusedBeforeAnyCall() {
    for (String wrong : new String[] {"/gatehouse/callback/partners", "/gatehouse/callback"}) {
      LoginAttempt attempt = scene.login(scene.browser(), "/staff/x");
      String query = attempt.callbackUrl().split("\\?", 2)[1];

      Reply reply = attempt.browser().send(Ask.get(wrong + "?" + query).site("cross-site"));

      assertRefused(reply, 403);
      assertNoCallAnywhere();
      assertNoSession(attempt.browser());
    }
    scene.login(scene.browser(), "/staff/x").complete();
  }

  @Test
  @Rule("TH-CFG-12")
  void aPathOfNoOpIsNoRedirectionEndpoint() {
    LoginAttempt attempt = scene.login(scene.browser(), "/staff/x");
    String query = attempt.callbackUrl().split("\\?", 2)[1];

    for (String name : new String[] {"other", "STAFF", "staff/", "staff/x", ""}) {
      Reply reply = attempt.browser().send(Ask.get("/gatehouse/callback/" + name + "?" + query));
      assertThat(reply.status()).as(name).isEqualTo(404);
    }
    assertNoCallAnywhere();
    attempt.complete();
  }

  @Test
  @Rule("TH-CFG-12")
  void aCodeOfOneOpNeverReachesTheOther() {
    // The mix-up attack: the browser means to log in at the partners' OP, which is the attacker's,
    // and is sent on to the staff's OP, so that the code of the one comes back in the name of the
    // other.
    LoginAttempt honest = scene.login(scene.browser(), "/staff/x");
    String code = honest.code();
    LoginAttempt attacked = scene.login(scene.browser(), "/partners/x");
    String state = Query.encode(attacked.state());

    Reply atStaff =
        attacked
            .browser()
            .send(
                Ask.get("/gatehouse/callback/staff?code=" + Query.encode(code) + "&state=" + state)
                    .site("cross-site"));

    assertRefused(atStaff, 403);
    assertNoCallAnywhere();
    assertNoSession(attacked.browser());
    honest.complete();
    assertThat(scene.op().calls("token")).hasSize(1);
    assertThat(scene.otherOp().calls("token")).isEmpty();
  }

  @Test
  @Rule("TH-CB-6")
  @Rule("TH-CFG-12")
  void anAnswerThatNamesTheOtherOpIsRefused() {
    LoginAttempt attempt = scene.login(scene.browser(), "/staff/x");

    assertRefused(
        attempt.comeBackWith(
            "?code={code}&state={state}&iss=" + Query.encode(scene.otherOp().issuer())),
        403);
    assertNoCallAnywhere();

    LoginAttempt mended = scene.login(scene.browser(), "/staff/x");
    assertThat(
            mended
                .comeBackWith("?code={code}&state={state}&iss=" + Query.encode(scene.op().issuer()))
                .status())
        .isEqualTo(303);
  }

  @Test
  @Rule("TH-IDT-6")
  void anIdTokenOfTheOtherOpMakesNoSession() {
    LoginAttempt attempt = scene.login(scene.browser(), "/partners/x");
    attempt.plan(Plan.honest().claim("iss", scene.op().issuer()));

    assertRefused(attempt.comeBack(), 502);
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-IDT-13")
  void theSameSubjectAtTwoOpsIsTwoUsers() {
    Browser staff = signedInAt("/staff/x");
    Browser partner = signedInAt("/partners/x");

    assertThat(Json.object(script(staff, "/gatehouse/session").body()))
        .containsEntry("subject", "alice-1")
        .containsEntry("provider", "staff")
        .containsEntry("issuer", scene.op().issuer());
    assertThat(Json.object(script(partner, "/gatehouse/session").body()))
        .containsEntry("subject", "alice-1")
        .containsEntry("provider", "partners")
        .containsEntry("issuer", scene.otherOp().issuer());
  }

  @Test
  @Rule("TH-STATE-12")
  @Rule("TH-IDT-13")
  void theSameSubjectOfTheOtherOpTakesTheSessionOverAsAnotherUser() {
    Browser browser = signedInAt("/staff/x");
    String before = browser.cookies().get(Scene.SESSION_COOKIE);

    scene.login(browser, "/partners/x").complete();

    assertThat(browser.cookies().get(Scene.SESSION_COOKIE)).isNotEqualTo(before);
    assertNoSession(scene.browser().cookie(Scene.SESSION_COOKIE, before));
  }

  @Test
  void aSessionOfOneOpDoesNotSatisfyTheRuleOfTheOther() {
    Browser browser = signedInAt("/staff/x");
    assertThat(scene.userSeen(browser, "/staff/y")).isEqualTo("alice-1");
    assertThat(scene.userSeen(browser, "/elsewhere")).isEqualTo("alice-1");
    scene.app().forget();

    assertAt(scene.otherOp(), browser.get("/partners/x"));
    assertRefused(script(browser, "/partners/x"), 401);
    assertRefused(browser.send(Ask.form("/partners/x", Map.of("a", "b"))), 401);
    assertAppUnreached();
  }

  @Test
  void whoChangesTheOpGetsThereAndIsNotSentRound() {
    Browser browser = signedInAt("/staff/x");

    Reply done = scene.login(browser, "/partners/x?a=b").comeBack();

    assertThat(done.location()).isEqualTo("/partners/x?a=b#");
    assertThat(App.made(browser.get("/partners/x?a=b"))).isTrue();
    assertAt(scene.op(), browser.get("/staff/x"));
    assertThat(App.made(browser.get("/elsewhere"))).isTrue();
  }

  @Test
  void aScriptWithoutASessionIsNotSentAnywhere() {
    assertRefused(script(scene.browser(), "/partners/x"), 401);
    assertRefused(script(scene.browser(), "/elsewhere"), 401);
  }

  @Test
  void aLinkCannotNameAnOpThatIsNotThere() {
    for (String query :
        new String[] {
          "provider=other",
          "provider=",
          "provider=STAFF",
          "provider=staff&provider=partners",
          "provider=https://evil.example",
          "provider=staff%0d%0aSet-Cookie:x",
          "provider=staff&iss=" + Query.encode(scene.otherOp().issuer()),
          "iss=https://evil.example"
        }) {
      Reply reply = scene.browser().get("/gatehouse/login?rd=/x&" + query);
      assertRefused(reply, 400);
      assertThat(reply.cookies()).isEmpty();
    }
    assertAt(scene.op(), scene.browser().get("/gatehouse/login?rd=/x&provider=staff"));
  }

  @Test
  void aThirdPartyNamesTheOpByItsIssuer() {
    assertAt(
        scene.otherOp(),
        scene
            .browser()
            .get("/gatehouse/login?iss=" + Query.encode(scene.otherOp().issuer()) + "&rd=/x"));
    assertAt(
        scene.op(),
        scene.browser().get("/gatehouse/login?iss=" + Query.encode(scene.op().issuer())));
  }

  @Test
  @Rule("TH-TOK-14")
  void tokensGoBackToTheOpThatMadeThem() {
    Browser browser = scene.browser();
    scene.login(browser, "/partners/x").plan(Plan.honest().refreshable(60)).complete();
    scene.otherOp().forgetCalls();
    scene.clock().pass(Duration.ofSeconds(45));

    assertThat(scene.userSeen(browser, "/partners/x")).isEqualTo("alice-1");

    assertThat(scene.otherOp().calls("token")).hasSize(1);
    assertNoTokenCall();
  }

  @Test
  void logoutGoesToTheOpOfTheSession() {
    Browser browser = signedInAt("/partners/x");
    String token = scene.otherOp().lastAccessToken();
    scene.op().forgetCalls();

    Reply reply = browser.send(Form.in(browser.get("/gatehouse/logout")).submission());

    assertThat(reply.status()).as("%s", reply).isEqualTo(303);
    assertThat(reply.location()).startsWith(scene.otherOp().issuer() + "/end_session?");
    await()
        .until(
            () ->
                scene.otherOp().calls("revoke").stream()
                    .anyMatch(call -> token.equals(call.form("token"))));
    // What an earlier test's user gives back may arrive now.
    assertThat(scene.op().calls())
        .allMatch(call -> call.endpoint().equals("revoke"))
        .noneMatch(call -> token.equals(call.form("token")));
  }

  @Test
  @Rule("TH-DOS-5")
  void anOpThatHangsHoldsUpItsOwnUsersAlone() {
    CountDownLatch served = new CountDownLatch(1);
    scene.otherOp().fault("token", Fault.none().until(served));
    LoginAttempt slow = scene.login(scene.browser(), "/partners/x");
    CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(slow::comeBack);

    scene.login(scene.browser(), "/staff/x").complete();

    assertThat(waiting).isNotDone();
    scene.otherOp().mend();
    served.countDown();
    waiting.join();
  }

  @Test
  void aSecondAttemptGoesToTheSameOp() {
    LoginAttempt attempt = scene.login(scene.browser(), "/partners/x");
    attempt.plan(Plan.honest().answer("error", "login_required"));

    assertAt(scene.otherOp(), attempt.comeBack());
  }

  @Test
  @Rule("TH-OUT-10")
  void nobodyIsToldThatHeHasLeftWhileHisSessionAtTheOtherOpLives() {
    Ask click = Ask.get("/partners/bye").site("same-origin");
    Browser browser = signedInAt("/staff/x");
    scene.app().forget();

    Reply reply = browser.send(click);

    assertThat(reply.status()).as("%s", reply).isEqualTo(303);
    assertThat(reply.location()).isEqualTo("/gatehouse/logout");
    assertAppUnreached();
    assertThat(scene.browser().send(click).location()).isEqualTo("/gatehouse/logged-out");
    assertThat(browser.send(Form.in(browser.get(reply.location())).submission()).status())
        .isEqualTo(303);
    assertNoSession(browser);
  }
}
