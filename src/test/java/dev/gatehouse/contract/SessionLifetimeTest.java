package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Scene;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Threat catalogue TH-SES-5: how long a session lives, used and unused. */
class SessionLifetimeTest extends ContractTest {
  @Test
  @Rule("TH-SES-5")
  void unusedSessionEndsAndAUsedOneLives() {
    Browser idle = scene.signedIn();
    Browser used = scene.signedIn();
    for (int i = 0; i < 3; i++) {
      scene.clock().pass(Duration.ofMinutes(14));
      assertThat(scene.userSeen(used, "/x")).isEqualTo("alice-1");
    }

    assertSentToOp(idle.get("/x"));
    assertNoSession(idle);
  }

  @Test
  @Rule("TH-SES-5")
  void idleLimitHoldsToTheSecond() {
    Browser inTime = scene.signedIn();
    Browser late = scene.signedIn();
    scene.clock().pass(Duration.ofMinutes(29));
    assertThat(scene.userSeen(inTime, "/x")).isEqualTo("alice-1");
    scene.clock().pass(Duration.ofMinutes(1));

    assertSentToOp(late.get("/x"));
    assertThat(scene.userSeen(inTime, "/x")).isEqualTo("alice-1");
  }

  @Test
  @Rule("TH-SES-5")
  void sessionInSteadyUseEndsAtItsAbsoluteLimit() {
    Browser browser = scene.signedIn();
    for (int i = 0; i < 19; i++) {
      scene.clock().pass(Duration.ofMinutes(25));
      assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
    }
    scene.clock().pass(Duration.ofMinutes(6));

    assertSentToOp(browser.get("/x"));
  }

  @Test
  @Rule("TH-SES-5")
  void askingForTheSessionDoesNotProlongIt() {
    Browser browser = scene.signedIn();
    scene.clock().pass(Duration.ofMinutes(20));
    assertSession(browser, "alice-1");
    scene.clock().pass(Duration.ofMinutes(11));

    assertNoSession(browser);
  }

  @Test
  @Rule("TH-SES-5")
  void pollingPathsDoNotProlongTheSession() {
    try (Scene polling = Scene.open(door, "session: {polling-paths: [/poll/**]}")) {
      Browser browser = polling.signedIn();
      for (int i = 0; i < 2; i++) {
        polling.clock().pass(Duration.ofMinutes(14));
        assertThat(polling.userSeen(browser, "/poll/x")).isEqualTo("alice-1");
      }
      polling.clock().pass(Duration.ofMinutes(3));
      assertThat(browser.get("/x").status()).isEqualTo(302);
    }
  }
}
