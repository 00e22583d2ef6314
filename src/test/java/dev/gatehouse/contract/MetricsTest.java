package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the engine tells those who count. */
class MetricsTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
    bearer: {audience: https://api.example, validation: introspection}
    rules:
      - {path: /api/**, access: bearer}
      - {path: /denied/**, access: deny}
    """;
  }

  /** The value of a sample; 0 where there is none. */
  private double sample(String name) {
    Matcher line =
        Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(scene.metrics());
    return line.find() ? Double.parseDouble(line.group(1)) : 0;
  }

  @Test
  void aLoginIsCountedFromItsBeginningToItsEnd() {
    double started = sample("gatehouse_logins_started_total");
    double finished = sample("gatehouse_logins_finished_total");
    double live = sample("gatehouse_sessions_live");
    double tokenCalls =
        sample("gatehouse_op_calls_seconds_count{endpoint=\"token\",outcome=\"answered\"}");

    scene.signedIn();

    assertThat(sample("gatehouse_logins_started_total")).isEqualTo(started + 1);
    assertThat(sample("gatehouse_logins_finished_total")).isEqualTo(finished + 1);
    assertThat(sample("gatehouse_sessions_live")).isEqualTo(live + 1);
    assertThat(sample("gatehouse_op_calls_seconds_count{endpoint=\"token\",outcome=\"answered\"}"))
        .isEqualTo(tokenCalls + 1);
    assertThat(sample("gatehouse_ready")).isEqualTo(1);
  }

  @Test
  void aLoginThatFailsIsCountedByItsReason() {
    double failed = sample("gatehouse_logins_failed_total{reason=\"state-no-transaction\"}");
    double refused =
        sample("gatehouse_refusals_total{reason=\"state-no-transaction\",status=\"403\"}");

    Reply reply = scene.browser().get("/gatehouse/callback?code=c&state=" + "s".repeat(43));

    assertThat(reply.status()).isEqualTo(403);
    assertThat(sample("gatehouse_logins_failed_total{reason=\"state-no-transaction\"}"))
        .isEqualTo(failed + 1);
    assertThat(sample("gatehouse_refusals_total{reason=\"state-no-transaction\",status=\"403\"}"))
        .isEqualTo(refused + 1);
  }

  @Test
  void aRefusalIsCountedByItsReason() {
    double refused = sample("gatehouse_refusals_total{reason=\"deny-rule\",status=\"403\"}");

    scene.browser().get("/denied/x");

    assertThat(sample("gatehouse_refusals_total{reason=\"deny-rule\",status=\"403\"}"))
        .isEqualTo(refused + 1);
  }

  @Test
  void lookingTokensUpIsCounted() {
    double hits = sample("gatehouse_token_cache_lookups_total{result=\"hit\"}");
    double misses = sample("gatehouse_token_cache_lookups_total{result=\"miss\"}");
    double asked =
        sample("gatehouse_op_calls_seconds_count{endpoint=\"introspection\",outcome=\"answered\"}");
    String token = scene.op().opaqueToken(scene.op().activeAnswer());

    for (int i = 0; i < 3; i++) {
      Reply reply =
          scene
              .browser()
              .send(
                  Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token));
      assertThat(App.made(reply)).as("%s", reply).isTrue();
    }

    assertThat(sample("gatehouse_token_cache_lookups_total{result=\"hit\"}")).isEqualTo(hits + 2);
    assertThat(sample("gatehouse_token_cache_lookups_total{result=\"miss\"}"))
        .isEqualTo(misses + 1);
    assertThat(
            sample(
                "gatehouse_op_calls_seconds_count{endpoint=\"introspection\",outcome=\"answered\"}"))
        .isEqualTo(asked + 1);
    assertThat(sample("gatehouse_token_cache_entries")).isPositive();
  }

  @Test
  void nothingThatAClientOrAUserBringsIsALabel() {
    Browser user = scene.signedIn(Plan.honest());
    user.get("/some/secret-path?with=query");
    user.send(Ask.of("JEFF", "/x").header("User-Agent", "my-agent").site("same-origin"));

    assertThat(scene.metrics())
        .doesNotContain("secret-path", "with=query", "JEFF", "my-agent", "alice", "127.0.0.1");
  }
}
