package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §8: where hygiene only reports, answers pass as they are, and are told of. */
@OverHttp2
class LeakingAnswerReportedTest extends ContractTest {
  private static final String TOKEN = "2YotnFZFEjr1zCsicMWpAA-very-secret";

  @Override
  protected String configuration() {
    return "token-hygiene: {mode: report, scan-responses: true}";
  }

  static List<String> answers() {
    return AttackList.of("leaking-answers.txt");
  }

  @ParameterizedTest
  @MethodSource("answers")
  @Rule("TH-LEAK-13")
  @Rule("TH-LEAK-6")
  void answerPassesAndIsTold(String line) {
    String[] field =
        line.replace("@", "").replaceAll("(=|%3D|%253D)T", "$1" + TOKEN).split(": ", 2);
    scene.app().tell(302, List.of(new HeaderField(field[0], field[1])), "moved");
    Reply reply = scene.browser().get("/public/x");

    assertThat(App.made(reply)).isTrue();
    assertThat(reply.whole()).contains(TOKEN);
    LeakWatch.awaitLine("token-leak", "reported");
    assertThat(LeakWatch.lines()).noneMatch(said -> said.contains(TOKEN));
  }

  private Reply text(String type, String body, HeaderField... more) {
    List<HeaderField> fields = new ArrayList<>(List.of(more));
    fields.add(new HeaderField("Content-Type", type));
    scene.app().tell(200, fields, body);
    return scene.browser().get("/public/x");
  }

  private static boolean tellsOfABody() {
    return LeakWatch.lines().stream()
        .anyMatch(line -> line.contains("token-leak") && line.contains("body"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/problem+json; charset=utf-8",
        "text/html",
        "text/javascript",
        "application/javascript",
        "application/xhtml+xml",
        "text/plain"
      })
  void tokenInTextIsTold(String type) {
    String body = "x".repeat(20_000) + " {\"access_token\": \"" + TOKEN + "\"}";
    assertThat(text(type, body).text()).isEqualTo(body);

    LeakWatch.awaitLine("token-leak", "body");
    assertThat(LeakWatch.lines()).noneMatch(line -> line.contains(TOKEN));
  }

  @Test
  void otherBodiesAreNotLookedAt() {
    String body = "{\"access_token\": \"" + TOKEN + "\"}";
    assertThat(text("application/octet-stream", body).text()).isEqualTo(body);
    assertThat(text("image/png", body).text()).isEqualTo(body);
    assertThat(text("application/json", body, new HeaderField("Content-Encoding", "br")).text())
        .isEqualTo(body);
    assertThat(tellsOfABody()).isFalse();
  }

  @Test
  void cleanTextIsNotTold() {
    String body = "{\"token_type\": \"Bearer\", \"access_token\": null}";
    assertThat(text("application/json", body).text()).isEqualTo(body);
    assertThat(tellsOfABody()).isFalse();
  }
}
