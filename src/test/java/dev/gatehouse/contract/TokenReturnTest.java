package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Threat catalogue §15: what becomes of tokens that nobody needs any more. */
class TokenReturnTest extends ContractTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long LIFE = 300;

  @Override
  protected String configuration() {
    return "backchannel: {threads: 1, queue: 8, read-timeout: 3s, deadline: 3s}";
  }

  private static Reply logOut(Browser browser) {
    Reply left = browser.send(Form.in(browser.get("/gatehouse/logout")).submission());
    assertThat(left.status()).as("%s", left).isEqualTo(303);
    return left;
  }

  private List<OpCall> revocations() {
    return scene.op().calls("revoke");
  }

  private long revocationsOf(String token) {
    return revocations().stream().filter(call -> token.equals(call.form("token"))).count();
  }

  private void awaitRevoked(String... tokens) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(revocations().stream().map(call -> call.form("token")))
                    .contains(tokens));
  }

  @Test
  @Rule("TH-OUT-4")
  void theRefreshTokenGoesBackBeforeTheAccessToken() {
    Browser browser = scene.signedIn(Plan.honest().refreshable(LIFE));
    String accessToken = scene.op().lastAccessToken();

    logOut(browser);

    awaitRevoked(accessToken);
    assertThat(revocations().stream().map(call -> call.form("token_type_hint")))
        .containsExactly("refresh_token", "access_token");
    assertThat(revocations())
        .allSatisfy(
            call -> {
              assertThat(call.method()).isEqualTo("POST");
              assertThat(call.header("Authorization")).startsWith("Basic ");
              assertThat(call.target()).doesNotContain("?");
            });
  }

  @Test
  @Rule("TH-OUT-4")
  void anOpThatIsBusyIsAskedAgainLater() {
    Browser browser = scene.signedIn();
    String token = scene.op().lastAccessToken();
    scene.op().fault("revoke", Fault.none().status(503).text("{}"));
    logOut(browser);
    assertNoSession(browser);
    await().atMost(PATIENCE).until(() -> revocationsOf(token) == 1);

    scene.op().mend();

    await().atMost(PATIENCE).until(() -> revocationsOf(token) == 2);
  }

  @Test
  @Rule("TH-OUT-4")
  void aTokenThatTheOpWillNotTakeIsOfferedOnce() {
    Browser browser = scene.signedIn();
    String refused = scene.op().lastAccessToken();
    scene.op().fault("revoke", Fault.none().status(400).text("{\"error\":\"invalid_request\"}"));
    logOut(browser);
    await().atMost(PATIENCE).until(() -> revocationsOf(refused) == 1);

    // Offered after it: what is tried again in two seconds is tried again by then.
    Browser other = scene.signedIn();
    String busy = scene.op().lastAccessToken();
    scene.op().fault("revoke", Fault.none().status(503).text("{}"));
    logOut(other);
    await().atMost(PATIENCE).until(() -> revocationsOf(busy) == 1);
    scene.op().mend();
    await().atMost(PATIENCE).until(() -> revocationsOf(busy) == 2);
    assertThat(revocationsOf(refused)).isEqualTo(1);
  }

  @Test
  @Rule("TH-OUT-4")
  void nobodyWaitsForAnOpThatHangs() {
    try (Scene patient = Scene.open(door, "backchannel: {read-timeout: 60s, deadline: 60s}")) {
      Browser browser = patient.signedIn();
      patient.op().fault("revoke", Fault.none().hang(Duration.ofSeconds(60)));
      // What reads an answer gives up long before the gateway would.
      logOut(browser);

      assertNoSession(browser);
      await().atMost(PATIENCE).until(() -> !patient.op().calls("revoke").isEmpty());
    }
  }

  @Test
  @Rule("TH-OUT-4")
  void anOpThatHangsIsAskedAgainLater() {
    Browser browser = scene.signedIn();
    String token = scene.op().lastAccessToken();
    scene.op().fault("revoke", Fault.none().hang(Duration.ofSeconds(20)));
    logOut(browser);
    await().atMost(PATIENCE).until(() -> revocationsOf(token) == 1);

    scene.op().mend();

    await().atMost(PATIENCE).until(() -> revocationsOf(token) == 2);
  }

  @Test
  @Rule("TH-STATE-12")
  void anotherUsersLoginGivesBackTheTokensOfTheFirst() {
    Browser browser = scene.signedIn(Plan.honest().refreshable(LIFE));
    String alices = scene.op().lastAccessToken();

    scene.login(browser, "/gatehouse/login").plan(Plan.honest().user(StubOp.BOB)).complete();

    assertSession(browser, "bob-2");
    awaitRevoked(alices);
    assertThat(revocations()).hasSize(2);
  }

  @Test
  @Rule("TH-SES-3")
  void theSameUsersTokensAreLeftWhereTheyMayBeOneGrant() {
    Browser browser = scene.signedIn(Plan.honest().claim("sid", "s-1"));
    scene.login(browser, "/gatehouse/login").plan(Plan.honest().claim("sid", "s-1")).complete();
    String second = scene.op().lastAccessToken();
    scene.login(browser, "/gatehouse/login").plan(Plan.honest().claim("sid", "s-2")).complete();

    awaitRevoked(second);
    assertThat(revocations()).hasSize(1);
  }

  @Test
  @Rule("TH-OUT-12")
  void aRefreshThatALogoutOvertookGivesItsTokensBack() {
    CountDownLatch left = new CountDownLatch(1);
    Browser browser =
        scene.signedIn(Plan.honest().refreshable(LIFE).refresh(Fault.none().until(left)));
    String first = scene.op().lastAccessToken();
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));
    scene.op().forgetCalls();
    Browser tab = browser.copy();
    CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(() -> tab.get("/x"));
    await().atMost(PATIENCE).until(() -> !scene.op().calls("token").isEmpty());

    logOut(browser);
    left.countDown();
    assertSentToOp(waiting.join());

    awaitRevoked(first, scene.op().lastAccessToken());
    assertThat(scene.op().lastAccessToken()).isNotEqualTo(first);
    await().atMost(PATIENCE).until(() -> revocations().size() == 4);
    assertThat(
            revocations().stream()
                .filter(call -> call.form("token_type_hint").equals("refresh_token"))
                .map(call -> call.form("token"))
                .distinct())
        .hasSize(2);
    assertNoSession(tab);
  }

  @Test
  @Rule("TH-DOS-5")
  void aLoginThatCameTooLateLeavesNeitherSessionNorTokens() {
    Browser browser = scene.signedIn();
    Fault slow = Fault.none().hang(Duration.ofSeconds(2));
    LoginAttempt first = scene.login(scene.browser(), "/x").plan(Plan.honest().token(slow));
    LoginAttempt second =
        scene.login(browser, "/gatehouse/login").plan(Plan.honest().user(StubOp.BOB).token(slow));
    second.callbackUrl();
    CompletableFuture<Reply> occupying = CompletableFuture.supplyAsync(first::comeBack);
    await().atMost(PATIENCE).until(() -> scene.op().calls("token").size() == 2);

    assertRefused(second.comeBack(), 504);

    assertThat(occupying.join().status()).isEqualTo(303);
    assertSession(browser, "alice-1");
    await().atMost(PATIENCE).until(() -> !revocations().isEmpty());
    awaitRevoked(scene.op().lastAccessToken());
    assertSession(browser, "alice-1");
  }
}
