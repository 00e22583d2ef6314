package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.Reply;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Threat catalogue §9: an outage of the OP is bridged where the configuration says so. */
class StaleGraceTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        bearer: {audience: https://api.example, validation: introspection, stale-grace: 30s}
        rules:
          - {path: /api/**, access: bearer}
        """;
  }

  private String token(long seconds) {
    Map<String, Object> answer = scene.op().activeAnswer();
    answer.put("exp", scene.clock().instant().getEpochSecond() + seconds);
    return scene.op().opaqueToken(answer);
  }

  private Reply ask(String token) {
    Ask ask = Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token);
    return scene.browser().send(ask);
  }

  private void goDown() {
    scene.op().fault("introspect", Fault.none().status(500).text("{}"));
  }

  @Test
  @Rule("TH-BEAR-15")
  void anOutageIsBridgedForItsTimeAndSaidEachTime() {
    String token = token(300);
    assertThat(App.made(ask(token))).isTrue();
    goDown();
    scene.clock().pass(Duration.ofSeconds(61));

    assertThat(App.made(ask(token))).isTrue();
    assertThat(App.made(ask(token))).isTrue();

    assertThat(LeakWatch.lines())
        .filteredOn(line -> line.startsWith("WARN") && line.contains("stale-grace"))
        .hasSize(2);
    scene.clock().pass(Duration.ofSeconds(30));
    assertThat(ask(token).status()).isEqualTo(503);
  }

  @Test
  @Rule("TH-BEAR-15")
  void noTokenOutlivesItsExpiry() {
    scene.clock().stand();
    String token = token(70);
    assertThat(App.made(ask(token))).isTrue();
    goDown();

    scene.clock().pass(Duration.ofSeconds(65));
    assertThat(App.made(ask(token))).isTrue();
    scene.clock().pass(Duration.ofSeconds(6));
    assertThat(App.made(ask(token))).isFalse();
  }
}
