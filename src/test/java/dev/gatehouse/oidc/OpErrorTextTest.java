package dev.gatehouse.oidc;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the OP writes into its errors reaches the log cleaned, and nothing else. */
class OpErrorTextTest {

  @Test
  @Rule("TH-TOK-9")
  @Rule("TH-SEC-7")
  @Rule("TH-SEC-6")
  void errorTextIsOneCleanLineWithoutSecrets() {
    try (StubOp op = new StubOp();
        LogCapture log = new LogCapture("dev.gatehouse");
        DiscoveredProvider provider =
            new DiscoveredProvider(
                OpConnection.open(
                    op.provider(), StubOp.backchannel(), true, new TestClock(), StubOp.RANDOM),
                op.provider(),
                Set.of())) {
      op.serve("token", okJson(TestTokens.json(hostileError())).withStatus(400));

      LoginOutcome outcome = provider.complete(StubOp.GRANT);

      assertThat(outcome).isEqualTo(new LoginOutcome.Refused(400, "code-rejected"));
      List<String> lines =
          log.lines().stream().filter(line -> line.contains("refused a grant")).toList();
      assertThat(lines).hasSize(1);
      assertThat(lines.get(0))
          .contains("error invalid_grant", "xFAKE", "[redacted]")
          .doesNotContain("\r", "\n", "\u001b", "\u202e")
          .hasSizeLessThan(400);
      assertThat(String.join("\n", log.lines()))
          .doesNotContain(
              StubOp.GRANT.code().reveal(),
              StubOp.GRANT.codeVerifier().reveal(),
              StubOp.CLIENT_SECRET);
    }
  }

  private static Map<String, Object> hostileError() {
    return Map.of(
        "error",
        "invalid_grant",
        "error_description",
        "x\r\nFAKE \u001b[31m \u202e code "
            + StubOp.GRANT.code().reveal()
            + StubOp.GRANT.codeVerifier().reveal()
            + StubOp.CLIENT_SECRET
            + "y".repeat(5000));
  }
}
