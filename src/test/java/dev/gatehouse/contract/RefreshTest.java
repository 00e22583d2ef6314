package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Threat catalogue §5: tokens are renewed before they expire, once, and for the same user. */
@OverHttp2
class RefreshTest extends ContractTest {
  private static final long LIFE = 300;

  @Override
  protected String configuration() {
    return "provider: {max-token-lifetime: 1h}";
  }

  @Test
  @Rule("TH-TOK-16")
  void tokensAreRenewedThirtySecondsBeforeTheyExpire() {
    Browser browser = scene.signedIn(Plan.honest().refreshable(LIFE));

    scene.clock().pass(Duration.ofSeconds(LIFE - 60));
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
    assertThat(refreshes()).isEmpty();

    scene.clock().pass(Duration.ofSeconds(31));
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
    assertThat(refreshes()).hasSize(1);
    assertThat(refreshes().get(0).form("scope")).isNull();
  }

  @Test
  @Rule("TH-TOK-16")
  void tokensThatWouldLiveForAMonthAreRenewedAtTheConfiguredAge() {
    Browser browser = scene.signedIn(Plan.honest().refreshable(Duration.ofDays(30).toSeconds()));

    for (int hour = 1; hour <= 2; hour++) {
      for (Duration pause : List.of(Duration.ofMinutes(20), Duration.ofMinutes(20))) {
        scene.clock().pass(pause);
        assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
      }
      scene.clock().pass(Duration.ofMinutes(19));
      assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
      assertThat(refreshes()).hasSize(hour - 1);

      scene.clock().pass(Duration.ofSeconds(31));
      assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
      assertThat(refreshes()).hasSize(hour);
    }
  }

  @Test
  @Rule("TH-TOK-12")
  void twentyRequestsThatWaitMakeOneCall() {
    Browser browser =
        scene.signedIn(
            Plan.honest().refreshable(LIFE).refresh(Fault.none().hang(Duration.ofMillis(300))));
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));

    List<CompletableFuture<Reply>> replies =
        IntStream.range(0, 20)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> browser.get("/x?" + i)))
            .toList();

    assertThat(replies).allSatisfy(reply -> assertThat(App.made(reply.join())).isTrue());
    assertThat(refreshes()).hasSize(1);
  }

  @Test
  @Rule("TH-TOK-12")
  void theRotatedTokenIsTheOneThatIsSentNext() {
    Browser browser = scene.signedIn(Plan.honest().refreshable(LIFE));

    for (int i = 0; i < 3; i++) {
      scene.clock().pass(Duration.ofSeconds(LIFE - 10));
      assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
    }

    assertThat(refreshes()).hasSize(3);
    assertThat(refreshes().stream().map(call -> call.form("refresh_token")).distinct()).hasSize(3);
  }

  @Test
  @Rule("TH-TOK-13")
  void aGrantThatTheOpHasEndedEndsTheSession() {
    Browser browser =
        scene.signedIn(
            Plan.honest()
                .refreshable(LIFE)
                .refresh(Fault.none().status(400).text("{\"error\":\"invalid_grant\"}")));
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));

    scene.app().forget();
    Reply script = browser.send(Ask.get("/x").kind(Ask.Kind.XHR));

    assertThat(script.status()).isEqualTo(401);
    assertAppUnreached();
    assertSentToOp(browser.get("/x"));
    assertNoSession(browser);
  }

  @Test
  @Rule("TH-TOK-13")
  void aFailureThatMayPassEndsNothing() {
    Browser browser =
        scene.signedIn(
            Plan.honest().refreshable(LIFE).refresh(Fault.none().status(503).text("{}")));

    scene.clock().pass(Duration.ofSeconds(LIFE - 25));
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");

    scene.clock().pass(Duration.ofSeconds(35));
    scene.app().forget();
    Reply expired = browser.get("/x");
    assertThat(expired.status()).as("%s", expired).isEqualTo(503);
    assertThat(expired.header("Retry-After")).isNotNull();
    assertAppUnreached();
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-IDT-17")
  void aRefreshForAnotherUserEndsTheSession() {
    Browser browser =
        scene.signedIn(
            Plan.honest()
                .refreshable(LIFE)
                .refreshedIdToken(TokenRecipe.correct().claim("sub", "bob-2")));
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));

    scene.app().forget();
    assertSentToOp(browser.get("/x"));

    assertAppUnreached();
    assertNoSession(browser);
  }

  @Test
  void newClaimsReachTheAppAndTheRules() {
    Browser browser =
        scene.signedIn(
            Plan.honest()
                .user(StubOp.ROOT)
                .refreshable(LIFE)
                .refreshedIdToken(TokenRecipe.correct().claim("email", "new@example.com")));
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));

    assertThat(scene.userSeen(browser, "/x")).isEqualTo("root-0");
    assertThat(scene.app().only().header("X-Gatehouse-Email")).isEqualTo("new@example.com");
  }

  @Test
  @Rule("TH-TOK-14")
  void theRefreshTokenGoesToTheTokenEndpointAlone() {
    Browser browser = scene.signedIn(Plan.honest().refreshable(LIFE));
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
    String sent = refreshes().get(0).form("refresh_token");

    assertThat(scene.op().calls())
        .filteredOn(call -> !call.endpoint().equals("token"))
        .allSatisfy(call -> assertThat(call.everything()).doesNotContain(sent));
    assertThat(scene.app().only().everything()).doesNotContain(sent);
  }

  private List<OpCall> refreshes() {
    return scene.op().calls("token").stream()
        .filter(call -> "refresh_token".equals(call.form("grant_type")))
        .toList();
  }
}
