package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Design page §5: a slow OP makes only those wait who need it, and not for long. */
class SlowOpTest extends ContractTest {
  @Override
  protected String configuration() {
    return "backchannel: {read-timeout: 2s, deadline: 4s}";
  }

  private LoginAttempt attempt() {
    return scene.login(scene.browser(), "/x");
  }

  @Test
  @Rule("TH-TOK-6")
  void silentTokenEndpointIsAskedOnceAndTimesOut() {
    LoginAttempt attempt =
        attempt().plan(Plan.honest().token(Fault.none().hang(Duration.ofSeconds(20))));

    assertRefused(attempt.comeBack(), 504);
    assertNoSession(attempt.browser());
    assertThat(scene.op().calls("token")).hasSize(1);
  }

  @Test
  @Rule("TH-DOS-5")
  void drippingTokenEndpointMeetsTheDeadline() {
    LoginAttempt attempt =
        attempt().plan(Plan.honest().token(Fault.none().drip(Duration.ofMillis(300))));

    assertRefused(attempt.comeBack(), 504);
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-DOS-5")
  void requestsThatNeedNoOpDoNotWaitForIt() {
    Browser user = scene.signedIn();
    List<LoginAttempt> hanging =
        Stream.generate(
                () ->
                    attempt().plan(Plan.honest().token(Fault.none().hang(Duration.ofSeconds(20)))))
            .limit(20)
            .toList();
    List<Thread> waiting = hanging.stream().map(attempt -> new Thread(attempt::comeBack)).toList();
    waiting.forEach(Thread::start);

    for (int i = 0; i < 20; i++) {
      assertThat(scene.userSeen(user, "/x")).isEqualTo("alice-1");
    }
    assertThat(waiting).anyMatch(Thread::isAlive);
    waiting.forEach(SlowOpTest::join);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
