package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two OPs, one judged by signature and one by introspection: each about its own tokens alone. */
class MixedValidationTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        default-provider: staff
        providers: {partners: {access-token-validation: introspection}}
        bearer: {audience: https://api.example, opaque-provider: partners}
        rules:
          - {path: /api/**, access: bearer}
        """;
  }

  @Override
  protected Scene open(DoorKind kind) {
    return Scene.openWithTwoOps(kind, configuration(), op -> {}, op -> {});
  }

  @BeforeEach
  void beginAnewAtTheOther() {
    scene.otherOp().forgetCalls();
  }

  private Reply ask(String token) {
    return scene
        .browser()
        .send(Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token));
  }

  private static String jwt(StubOp op) {
    return op.accessToken(TokenRecipe.correct().header("typ", "at+jwt"), Map.of());
  }

  private Map<String, Object> active(StubOp op) {
    Map<String, Object> members = new HashMap<>();
    members.put("active", true);
    members.put("iss", op.issuer());
    members.put("aud", StubOp.API);
    members.put("sub", "p-1");
    members.put("exp", scene.clock().instant().getEpochSecond() + 300);
    return members;
  }

  @Test
  @Rule("TH-BEAR-9")
  void eachTokenGoesToItsOwnOpAndToNoOther() {
    String ofPartners = jwt(scene.otherOp());
    scene.otherOp().introspected(ofPartners, active(scene.otherOp()));
    String opaque = scene.otherOp().opaqueToken(active(scene.otherOp()));

    assertThat(App.made(ask(jwt(scene.op())))).isTrue();
    assertThat(scene.otherOp().calls("introspect")).isEmpty();
    assertThat(App.made(ask(ofPartners))).isTrue();
    assertThat(App.made(ask(opaque))).isTrue();
    assertThat(scene.otherOp().calls("introspect")).hasSize(2);
    assertThat(scene.op().calls("introspect")).isEmpty();
    assertThat(scene.app().seen().get(2).header("X-Gatehouse-User")).isEqualTo("p-1");
  }

  @Test
  @Rule("TH-BEAR-9")
  void aTokenOfNoneOfThemIsShownToNeither() {
    String foreign =
        scene
            .op()
            .accessToken(
                TokenRecipe.correct().header("typ", "at+jwt"), Map.of("iss", "https://evil.x"));

    assertThat(ask(foreign).status()).isEqualTo(401);
    assertThat(ask("a.b.c.d.e").status()).isEqualTo(401);
    assertThat(scene.op().calls("introspect")).isEmpty();
    assertThat(scene.otherOp().calls("introspect")).isEmpty();
  }

  @Test
  @Rule("TH-BEAR-11")
  void anOpSpeaksForNoOther() {
    String opaque = scene.otherOp().opaqueToken(active(scene.op()));
    assertThat(ask(opaque).status()).isEqualTo(401);

    String claimed = jwt(scene.op());
    scene.otherOp().introspected(claimed, active(scene.otherOp()));
    assertThat(App.made(ask(claimed))).isTrue();
    assertThat(scene.app().only().header("X-Gatehouse-User")).isEqualTo("alice-1");
  }

  @Test
  @Rule("TH-BEAR-13")
  void anInventedOpaqueTokenCostsOneCallInAWhile() {
    for (int i = 0; i < 5; i++) {
      assertThat(ask("invented").status()).isEqualTo(401);
    }
    assertThat(scene.otherOp().calls("introspect")).hasSize(1);
  }
}
