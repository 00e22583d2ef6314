package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §3: a login belongs to the browser that began it, once, and not for long. */
@OverHttp2
class StateTest extends ContractTest {
  private static final String CALLBACK = "/gatehouse/callback";

  @Test
  @Rule("TH-STATE-2")
  void callbackOfAnotherBrowserIsRefused() {
    LoginAttempt attackers = scene.login(scene.browser(), "/x");
    String url = attackers.callbackUrl();
    Browser victim = scene.browser();

    assertRefused(victim.send(Ask.get(url).site("cross-site")), 403);
    assertNoTokenCall();
    assertNoSession(victim);

    attackers.complete();
    assertSession(attackers.browser(), "alice-1");
  }

  @Test
  @Rule("TH-STATE-2")
  void callbackOfAnotherBrowserIsRefusedBesideALoginOfOnesOwn() {
    String url = scene.login(scene.browser(), "/x").callbackUrl();
    LoginAttempt own = scene.login(scene.browser(), "/y");

    assertRefused(own.browser().send(Ask.get(url).site("cross-site")), 403);
    assertNoTokenCall();
    own.complete();
  }

  @ParameterizedTest
  @Rule("TH-STATE-3")
  @Rule("TH-QUIRK-3")
  @ValueSource(
      strings = {
        "?code={code}",
        "?code={code}&state=",
        "?code={code}&state={state}x",
        "?code={code}&state=%20{state}",
        "?code={code}&state={state}%20",
        "?code={code}&state=x",
        "?code={code}&State={state}",
      })
  void stateIsComparedExactly(String query) {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");

    assertRefused(attempt.comeBackWith(query), 403);
    assertNoTokenCall();
    assertNoSession(attempt.browser());

    attempt.complete();
    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @Rule("TH-STATE-3")
  void stateWithOneCharacterChangedOrCutIsRefused() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    String state = attempt.state();
    char last = state.charAt(state.length() - 1);
    List<String> wrong =
        List.of(
            state.substring(0, state.length() - 1),
            state.substring(0, state.length() - 1) + (last == 'A' ? 'E' : 'A'),
            state.toLowerCase(Locale.ROOT),
            new StringBuilder(state).reverse().toString());

    for (String forged : wrong) {
      assertRefused(attempt.comeBackWith("?code={code}&state=" + Query.encode(forged)), 403);
    }
    assertNoTokenCall();
    attempt.complete();
  }

  @Test
  @Rule("TH-STATE-4")
  @Rule("TH-TOK-6")
  void callbackFiredManyTimesAtOnceIsExchangedOnce() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    String url = attempt.callbackUrl();
    List<CompletableFuture<Reply>> replies =
        Stream.generate(() -> attempt.browser().copy())
            .limit(8)
            .map(
                tab ->
                    CompletableFuture.supplyAsync(() -> tab.send(Ask.get(url).site("cross-site"))))
            .toList();
    List<Reply> done = replies.stream().map(CompletableFuture::join).toList();

    assertThat(scene.op().calls("token")).hasSize(1);
    assertThat(done)
        .filteredOn(
            reply -> reply.cookies().stream().anyMatch(c -> c.name().equals(Scene.SESSION_COOKIE)))
        .hasSize(1);
  }

  @Test
  @Rule("TH-STATE-4")
  void usedStateIsRefusedThoughItsCookieIsSentAgain() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    Browser thief = attempt.browser().copy();
    attempt.complete();
    scene.op().forgetCalls();

    assertRefused(thief.send(Ask.get(attempt.callbackUrl()).site("cross-site")), 403);
    assertNoTokenCall();
    assertNoSession(thief);
  }

  @Test
  @Rule("TH-STATE-5")
  void twentyRestoredTabsAllLandOnAPage() {
    Browser browser = scene.browser();
    List<LoginAttempt> tabs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tabs.add(scene.login(browser, "/tab/" + i + "?n=" + i));
      assertThat(browser.cookieField().length()).isLessThan(8 * 1024);
    }
    Collections.shuffle(tabs.subList(12, 20), new Random(7));
    List<LoginAttempt> order = new ArrayList<>(tabs.subList(12, 20));
    order.addAll(tabs.subList(0, 12));

    boolean first = true;
    for (LoginAttempt tab : order) {
      Reply back = tab.comeBack();
      assertThat(back.status()).as("%s", back).isEqualTo(303);
      if (first) {
        assertThat(back.location()).startsWith("/tab/" + tabs.indexOf(tab) + "?n=");
        first = false;
      }
      String page = back.location().split("#")[0];
      assertThat(scene.userSeen(browser, page)).isEqualTo("alice-1");
    }
  }

  @Test
  @Rule("TH-STATE-5")
  void finishingOneTabLeavesTheOtherAlone() {
    Browser browser = scene.browser();
    LoginAttempt first = scene.login(browser, "/first");
    LoginAttempt second = scene.login(browser, "/second");

    assertThat(second.comeBack().location()).isEqualTo("/second#");
    assertThat(first.comeBack().location()).isEqualTo("/first#");
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-STATE-6")
  void attemptOlderThanItsLifetimeHasExpired() {
    LoginAttempt late = scene.login(scene.browser(), "/late");
    LoginAttempt inTime = scene.login(scene.browser(), "/in-time");
    scene.clock().pass(Duration.ofMinutes(9));
    inTime.complete();
    scene.clock().pass(Duration.ofSeconds(61));

    Reply reply = late.comeBack();

    assertRefused(reply, 400);
    assertThat(reply.text()).contains("href=\"/\"");
    assertThat(scene.op().calls("token")).hasSize(1);
    assertNoSession(late.browser());
  }

  @Test
  @Rule("TH-STATE-7")
  void sessionCookieDoesNotServeAsTransaction() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    String name =
        attempt.browser().cookies().keySet().stream()
            .filter(n -> n.startsWith(Scene.TRANSACTION_COOKIE))
            .findFirst()
            .orElseThrow();
    String session = scene.signedIn().cookies().get(Scene.SESSION_COOKIE);
    String transaction = attempt.browser().cookies().get(name);
    scene.op().forgetCalls();

    assertRefused(
        attempt.browser().cookie(name, session).send(Ask.get(attempt.callbackUrl())), 403);
    assertNoTokenCall();

    attempt.browser().cookie(name, transaction);
    attempt.complete();
  }

  @Test
  @Rule("TH-STATE-7")
  void transactionCookieWithAnyCharacterChangedIsRefused() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    String url = attempt.callbackUrl();
    String name = attempt.browser().cookies().keySet().iterator().next();
    String sealed = attempt.browser().cookies().get(name);

    for (int i = 0; i < sealed.length(); i += 7) {
      char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
      String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
      assertRefused(attempt.browser().copy().cookie(name, changed).get(url), 403);
    }
    assertNoTokenCall();
    attempt.complete();
  }

  @Test
  @Rule("TH-STATE-8")
  void nothingIsReadableInTheTransactionCookie() {
    Browser browser = scene.browser();
    scene.login(browser, "/deep/link-of-alice?q=1");

    String cookie = browser.cookieField();
    StringBuilder readable = new StringBuilder(cookie);
    for (String part : cookie.split("[=.;]")) {
      readable.append(new com.nimbusds.jose.util.Base64URL(part).decodeToString());
    }
    assertThat(readable.toString()).doesNotContain("link-of-alice").doesNotContain("127.0.0.1");
  }

  @Test
  @Rule("TH-STATE-10")
  void successAndFailureBothDeleteTheTransactionCookie() {
    LoginAttempt good = scene.login(scene.browser(), "/x");
    LoginAttempt bad =
        scene.login(scene.browser(), "/x").plan(Plan.honest().answer("error", "access_denied"));

    for (LoginAttempt attempt : List.of(good, bad)) {
      Reply reply = attempt.comeBack();
      assertThat(reply.cookies())
          .anyMatch(c -> c.name().startsWith(Scene.TRANSACTION_COOKIE) && c.deletes());
      assertThat(attempt.browser().cookies().keySet())
          .noneMatch(name -> name.startsWith(Scene.TRANSACTION_COOKIE));
    }
  }

  @Test
  @Rule("TH-STATE-11")
  void ownStateWithAnotherUsersCodeIsRejectedByTheOp() {
    LoginAttempt victims = scene.login(scene.browser(), "/x");
    LoginAttempt own = scene.login(scene.browser(), "/x");
    String stolen = victims.code();

    Reply reply = own.comeBackWith("?code=" + Query.encode(stolen) + "&state={state}");

    assertRefused(reply, 400);
    assertNoSession(own.browser());
  }

  @Test
  @Rule("TH-STATE-12")
  @Rule("TH-SES-3")
  void loginOverAnotherUsersSessionReplacesIt() {
    Browser browser = scene.signedIn();
    Browser before = browser.copy();
    assertSession(before, "alice-1");

    scene.login(browser, "/gatehouse/login?rd=/x").plan(Plan.honest().user(StubOp.BOB)).complete();

    assertSession(browser, "bob-2");
    assertNoSession(before);
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("bob-2");
  }

  @Test
  @Rule("TH-STATE-13")
  @Rule("TH-CB-16")
  void unsolicitedErrorShowsNothingOfItself() {
    Reply reply =
        scene.browser().get(CALLBACK + "?error=access_denied&error_description=%3Cb%3Exyzzy");

    assertRefused(reply, 403);
    assertThat(reply.text()).doesNotContain("xyzzy");
    assertNoTokenCall();
  }

  @Test
  @Rule("TH-DOS-3")
  @Rule("TH-STATE-2")
  void manufacturedCallbacksReachNoOp() {
    for (int i = 0; i < 200; i++) {
      Reply reply = scene.browser().get(CALLBACK + "?code=c" + i + "&state=" + "s".repeat(43) + i);
      assertThat(reply.status()).isEqualTo(403);
    }
    assertThat(scene.op().calls()).isEmpty();
  }
}
