package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.Hostility;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.TokenRecipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever the userinfo endpoint answers where it is needed: no session with half of an identity.
 */
class HostileUserinfoEndpointTest extends HostileEndpoint {
  private LoginAttempt attempt() {
    return scene
        .login(scene.browser(), "/x")
        .plan(Plan.honest().idToken(TokenRecipe.correct().claim("email", null)));
  }

  @ParameterizedTest
  @EnumSource(Hostility.class)
  @Rule("TH-IDT-14")
  @Rule("TH-DOS-5")
  @Rule("TH-DOS-11")
  void hostileAnswerMakesNoSession(Hostility hostility) {
    LoginAttempt attempt = attempt();
    scene.op().fault("userinfo", hostility.fault());

    assertBlamesTheOp(timely(attempt::comeBack));

    assertNoSession(attempt.browser());
    assertThat(scene.op().calls("userinfo")).hasSize(1);
    scene.op().mend();
    LoginAttempt again = attempt().complete();
    assertSession(again.browser(), "alice-1");
  }

  @Test
  @Rule("TH-DOS-5")
  void hangingEndpointHoldsUpThoseAloneWhoSignIn() {
    Browser user = scene.signedIn();
    scene.op().fault("userinfo", Hostility.SILENT.fault());

    crowd(
        "userinfo",
        () -> attempt().comeBack(),
        () -> assertThat(user.get("/x").status()).isEqualTo(200));
  }
}
