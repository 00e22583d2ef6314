package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Hostility;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the OP serves as its metadata from the start: nobody is sent anywhere with them. */
@TestMethodOrder(OrderAnnotation.class)
class HostileDiscoveryTest extends HostileEndpoint {
  private static final String ENDPOINT = "discovery";

  /** Longer than a failed reading is remembered. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  @Override
  protected Scene open(DoorKind kind) {
    return Scene.openUnready(
        kind, configuration(), op -> op.fault(ENDPOINT, Hostility.UNAVAILABLE.fault()));
  }

  /** Not between the tests: the gateway would learn the metadata and keep them. */
  @Override
  protected void mend() {
    scene.clock().pass(PAUSE);
  }

  @ParameterizedTest
  @EnumSource(Hostility.class)
  @Order(1)
  @Rule("TH-CFG-3")
  @Rule("TH-DOS-5")
  @Rule("TH-DOS-11")
  void hostileAnswerStartsNoLogin(Hostility hostility) {
    scene.op().fault(ENDPOINT, hostility.fault());
    Browser browser = scene.browser();

    Reply reply = timely(() -> browser.get("/x"));

    assertBlamesTheOp(reply);
    assertThat(reply.header("Retry-After")).isNotNull();
    assertThat(browser.cookies()).isEmpty();
    assertThat(scene.gate().notReadyReason()).isPresent();
    assertThat(App.made(scene.browser().get("/public/x"))).isTrue();
  }

  @Test
  @Order(2)
  @Rule("TH-DOS-5")
  void hangingEndpointHoldsUpThoseAloneWhoSignIn() {
    scene.op().fault(ENDPOINT, Hostility.SILENT.fault());

    crowd(
        ENDPOINT,
        () -> scene.browser().get("/x"),
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
