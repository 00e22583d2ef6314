package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a WebSocket lives that was opened with an access token (TH-HTTP-11). */
class TokenHoldTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Scene scene;

  @AfterEach
  void close() {
    scene.close();
  }

  private void open(String validation) {
    scene =
        Scene.open(
            DoorKind.PROXY,
            """
            bearer: {audience: https://api.example, validation: %s}
            rules:
              - {path: /ws, access: bearer, scopes: [read]}
            """
                .formatted(validation));
  }

  private Forward opened(String token) throws Exception {
    Decision decision =
        scene.gate().decide(FakeRequest.get("/ws").with("Authorization", "Bearer " + token));
    while (decision instanceof Decision.Pending pending) {
      decision = pending.outcome().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    assertThat(decision).isInstanceOf(Decision.ToApp.class);
    return ((Decision.ToApp) decision).forward();
  }

  private Map<String, Object> active() {
    Map<String, Object> members = new HashMap<>();
    members.put("active", true);
    members.put("aud", StubOp.API);
    members.put("sub", "alice-1");
    members.put("scope", "read");
    members.put("exp", scene.clock().instant().getEpochSecond() + 300);
    return members;
  }

  @Test
  @Rule("TH-HTTP-11")
  void itLivesAsLongAsItsToken() throws Exception {
    open("jwt");
    String token =
        scene
            .op()
            .accessToken(
                TokenRecipe.correct().header("typ", "at+jwt").claim("scope", "read"), Map.of());
    Forward forward = opened(token);
    scene.op().goDown();

    assertThat(forward.stillHolds(true)).isTrue();
    scene.clock().pass(Duration.ofSeconds(290));
    assertThat(forward.stillHolds(false)).isTrue();
    scene.clock().pass(Duration.ofSeconds(12));
    assertThat(forward.stillHolds(true)).isFalse();
  }

  @Test
  @Rule("TH-HTTP-11")
  @Rule("TH-BEAR-12")
  void whatTheOpSaidIsAskedAgainWithoutWaiting() throws Exception {
    open("introspection");
    String token = scene.op().opaqueToken(active());
    Forward forward = opened(token);
    assertThat(forward.stillHolds(true)).isTrue();
    assertThat(scene.op().calls("introspect")).hasSize(1);

    scene.clock().pass(Duration.ofSeconds(61));
    scene.op().fault("introspect", Fault.none().hang(Duration.ofMillis(300)));
    assertThat(forward.stillHolds(true)).isTrue();
    await().atMost(PATIENCE).until(() -> scene.op().calls("introspect").size() == 2);
    opened(token); // waits for the same answer
    assertThat(forward.stillHolds(true)).isTrue();
    assertThat(scene.op().calls("introspect")).hasSize(2);

    scene.op().mend();
    scene.op().introspected(token, Map.of("active", false));
    scene.clock().pass(Duration.ofSeconds(61));
    await().atMost(PATIENCE).until(() -> !forward.stillHolds(true));
  }

  @Test
  @Rule("TH-HTTP-11")
  @Rule("TH-BEAR-14")
  void itEndsWithTheScopeThatItNeeds() throws Exception {
    open("introspection");
    Map<String, Object> answer = active();
    String token = scene.op().opaqueToken(answer);
    Forward forward = opened(token);
    assertThat(forward.stillHolds(true)).isTrue();

    answer.put("scope", "write");
    scene.clock().pass(Duration.ofSeconds(61));

    await().atMost(PATIENCE).until(() -> !forward.stillHolds(true));
  }

  @Test
  @Rule("TH-HTTP-11")
  void anOpThatCannotBeAskedEndsIt() throws Exception {
    open("introspection");
    Forward forward = opened(scene.op().opaqueToken(active()));
    scene.op().goDown();
    assertThat(forward.stillHolds(true)).isTrue();

    scene.clock().pass(Duration.ofSeconds(61));

    await().atMost(PATIENCE).until(() -> !forward.stillHolds(true));
  }

  @Test
  @Rule("TH-HTTP-11")
  @Rule("TH-BEAR-16")
  void itEndsWhenItsUserIsSignedOut() throws Exception {
    open("introspection");
    String token = scene.op().opaqueToken(active());
    Forward forward = opened(token);
    scene.op().introspected(token, Map.of("active", false));
    assertThat(forward.stillHolds(true)).isTrue();

    scene.gate().sessions().endSubject(scene.op().issuer(), "alice-1");

    await().atMost(PATIENCE).until(() -> !forward.stillHolds(true));
  }
}
