package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.EachDoor;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

/** Design page §5: what failure of the OP looks like. */
@ExtendWith(LeakWatch.class)
class OpOutageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @ParameterizedTest
  @EachDoor
  void opThatIsDownAtStartStopsLoginsOnlyAndOnlyUntilItComesBack(DoorKind door) {
    try (Scene scene = Scene.openWithOpDown(door, "")) {
      assertThat(scene.gate().notReadyReason()).isPresent();
      assertThat(App.made(scene.browser().get("/public/x"))).isTrue();
      Reply login = scene.browser().get("/x");
      assertThat(login.status()).as("%s", login).isEqualTo(503);
      assertThat(login.header("Retry-After")).isNotNull();
      assertThat(scene.browser().send(Ask.get("/x").kind(Ask.Kind.XHR)).status()).isEqualTo(401);
      assertThat(scene.browser().get("/denied/x").status()).isEqualTo(403);

      scene.op().comeBack();

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(scene.browser().get("/x").status()).isEqualTo(302));
      assertThat(scene.userSeen(scene.signedIn(), "/x")).isEqualTo("alice-1");
      await().atMost(PATIENCE).until(() -> scene.gate().notReadyReason().isEmpty());
    }
  }

  @ParameterizedTest
  @EachDoor
  void sessionsOutliveTheOp(DoorKind door) {
    try (Scene scene = Scene.open(door, "")) {
      Browser user = scene.signedIn();
      var late = scene.login(scene.browser(), "/x");
      late.callbackUrl();
      scene.op().goDown();

      assertThat(scene.userSeen(user, "/x")).isEqualTo("alice-1");
      assertThat(late.comeBack().status()).isEqualTo(503);
      assertThat(scene.browser().get("/x").status()).isEqualTo(302);
    }
  }

  @ParameterizedTest
  @EachDoor
  @Rule("TH-CFG-2")
  @Rule("TH-CFG-3")
  void metadataThatMustNotBeTrustedMakesNoLogin(DoorKind door) {
    try (Scene scene = Scene.openUnready(door, op -> op.metadata("issuer", op.issuer() + "/"))) {
      assertThat(scene.browser().get("/x").status()).isEqualTo(503);
      assertThat(App.made(scene.browser().get("/public/x"))).isTrue();

      scene.op().metadata("issuer", scene.op().issuer());
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(scene.browser().get("/x").status()).isEqualTo(302));
    }
  }
}
