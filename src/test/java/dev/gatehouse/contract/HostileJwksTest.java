package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Hostility;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Scene;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the OP serves as its keys from the start: no ID token counts as signed by them. */
@TestMethodOrder(OrderAnnotation.class)
class HostileJwksTest extends HostileEndpoint {
  private static final String ENDPOINT = "jwks";

  /** Longer than a failed reading is remembered. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  @Override
  protected Scene open(DoorKind kind) {
    return Scene.openUnready(
        kind, configuration(), op -> op.fault(ENDPOINT, Hostility.UNAVAILABLE.fault()));
  }

  /** Not between the tests: the gateway would learn the keys and keep them. */
  @Override
  protected void mend() {
    scene.clock().pass(PAUSE);
  }

  @ParameterizedTest
  @EnumSource(Hostility.class)
  @Order(1)
  @Rule("TH-IDT-3")
  @Rule("TH-DOS-5")
  @Rule("TH-DOS-11")
  void hostileAnswerMakesNoSession(Hostility hostility) {
    scene.op().fault(ENDPOINT, hostility.fault());
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    attempt.callbackUrl();

    assertBlamesTheOp(timely(attempt::comeBack));

    assertNoSession(attempt.browser());
    assertThat(App.made(scene.browser().get("/public/x"))).isTrue();
  }

  @Test
  @Order(2)
  @Rule("TH-DOS-5")
  void hangingEndpointHoldsUpThoseAloneWhoSignIn() {
    scene.op().fault(ENDPOINT, Hostility.SILENT.fault());

    crowd(
        ENDPOINT,
        () -> scene.login(scene.browser(), "/x").comeBack(),
        () -> assertThat(scene.browser().get("/public/x").status()).isEqualTo(200));
  }

  @Test
  @Order(3)
  void usersSignInAsSoonAsTheOpIsItselfAgain() {
    scene.op().mend();
    scene.clock().pass(PAUSE);

    assertSession(scene.signedIn(), "alice-1");
  }
}
