package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.Hostility;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.StubOp;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the introspection endpoint answers: could not tell is never a yes, and never kept. */
class HostileIntrospectionTest extends HostileEndpoint {
  /** Longer than the OP is spared after failures in a row. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  @Override
  protected String configuration() {
    return super.configuration()
        + """

        bearer: {audience: https://api.example, validation: introspection}
        rules:
          - {path: /api/**, access: bearer, scopes: [read]}
        """;
  }

  private String token() {
    return scene
        .op()
        .opaqueToken(
            Map.of(
                "active",
                true,
                "aud",
                StubOp.API,
                "sub",
                "alice-1",
                "scope",
                "read",
                "exp",
                scene.clock().instant().getEpochSecond() + 300));
  }

  private Reply ask(String token) {
    return scene
        .browser()
        .send(Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token));
  }

  @ParameterizedTest
  @EnumSource(Hostility.class)
  @Rule("TH-BEAR-10")
  @Rule("TH-BEAR-13")
  @Rule("TH-DOS-5")
  @Rule("TH-DOS-11")
  void hostileAnswerIsNeitherYesNorNo(Hostility hostility) {
    String token = token();
    scene.op().fault("introspect", hostility.fault());

    Reply reply = timely(() -> ask(token));

    assertThat(reply.status()).as("%s", reply).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isNotNull();
    assertAppUnreached();
    scene.op().mend();
    scene.clock().pass(PAUSE);
    assertThat(App.made(ask(token))).isTrue();
  }

  @Test
  @Rule("TH-DOS-5")
  void hangingEndpointHoldsUpThoseAloneWhoseTokenIsNotKnown() {
    Browser user = scene.signedIn();
    String known = token();
    assertThat(App.made(ask(known))).isTrue();
    scene.op().forgetCalls();
    scene.op().fault("introspect", Hostility.SILENT.fault());

    crowd(
        "introspect",
        () -> ask(token()),
        () -> {
          assertThat(user.get("/x").status()).isEqualTo(200);
          assertThat(App.made(ask(known))).isTrue();
        });
    scene.clock().pass(PAUSE);
  }
}
