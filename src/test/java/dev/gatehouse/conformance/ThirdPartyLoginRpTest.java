package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code oidcc-client-test-3rd-party-init-login-test-plan}. */
class ThirdPartyLoginRpTest extends ConformanceTest {
  private static final String LOGIN = "/gatehouse/login?iss=";

  @Test
  @DisplayName("oidcc-client-test-3rd-party-init-login")
  @Rule("TH-CSRF-6")
  void opSendsTheUserToSignIn() {
    LoginAttempt attempt =
        scene
            .login(scene.browser(), LOGIN + Query.encode(scene.op().issuer()))
            .plan(Plan.honest().idToken(idToken()))
            .complete();

    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @DisplayName("OpenID Connect Core 4: iss of nobody that is known")
  @Rule("TH-CSRF-6")
  void strangerSendsTheUserToSignIn() {
    Browser browser = scene.browser();

    Reply reply =
        browser.send(Ask.get(LOGIN + Query.encode("https://evil.example")).site("cross-site"));

    assertRefused(reply, 400);
    assertThat(browser.cookies()).isEmpty();
    assertThat(scene.op().calls("authorize")).isEmpty();
  }
}
