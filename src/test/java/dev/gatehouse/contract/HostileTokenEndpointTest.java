package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.Hostility;
import dev.gatehouse.testkit.LoginAttempt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the token endpoint answers a code with: a clear page by the deadline, no session. */
class HostileTokenEndpointTest extends HostileEndpoint {
  private LoginAttempt atTheDoor() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    attempt.callbackUrl();
    return attempt;
  }

  @ParameterizedTest
  @EnumSource(Hostility.class)
  @Rule("TH-TOK-5")
  @Rule("TH-TOK-6")
  @Rule("TH-TOK-7")
  @Rule("TH-DOS-5")
  @Rule("TH-DOS-11")
  void hostileAnswerMakesNoSession(Hostility hostility) {
    LoginAttempt attempt = atTheDoor();
    scene.op().fault("token", hostility.fault());

    assertBlamesTheOp(timely(attempt::comeBack));

    assertNoSession(attempt.browser());
    assertThat(scene.op().calls("token")).as("a code is sent once").hasSize(1);
    scene.op().mend();
    scene.login(attempt.browser(), "/x").complete();
    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @Rule("TH-DOS-5")
  void hangingEndpointHoldsUpThoseAloneWhoSignIn() {
    Browser user = scene.signedIn();
    scene.op().forgetCalls();
    scene.op().fault("token", Hostility.SILENT.fault());

    crowd(
        "token",
        () -> scene.login(scene.browser(), "/x").comeBack(),
        () -> assertThat(user.get("/x").status()).isEqualTo(200));

    scene.op().mend();
    assertSession(scene.signedIn(), "alice-1");
  }
}
