package dev.gatehouse.oidc;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AuthenticationDemand;
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

  @Test
  @Rule("TH-SEC-6")
  void echoOfAPushedRequestIsLoggedWithoutItsSecrets() {
    try (StubOp op = new StubOp();
        LogCapture log = new LogCapture("dev.gatehouse");
        DiscoveredProvider provider =
            new DiscoveredProvider(
                OpConnection.open(
                    op.metadata("require_pushed_authorization_requests", true)
                        .metadata("pushed_authorization_request_endpoint", op.issuer() + "/par")
                        .provider(),
                    StubOp.backchannel(),
                    true,
                    new TestClock(),
                    StubOp.RANDOM),
                op.provider(),
                Set.of())) {
      String state = "state-of-this-attempt";
      String echo = "nonce " + StubOp.NONCE + " of " + state + " is odd";
      op.serve(
          "par",
          okJson(TestTokens.json(Map.of("error", "invalid_request", "error_description", echo)))
              .withStatus(400));
      assertThat(provider.discover()).isEmpty();

      RequestOutcome outcome =
          provider.authenticationRequest(
              new AuthenticationRequest(
                  StubOp.GRANT.redirectUri(),
                  state,
                  StubOp.NONCE,
                  StubOp.GRANT.codeVerifier().reveal(),
                  "request-id",
                  AuthenticationDemand.NONE,
                  Map.of(),
                  true));

      assertThat(outcome).isEqualTo(new RequestOutcome.Refused(502, "par-failed"));
      assertThat(String.join("\n", log.lines()))
          .contains("nonce [redacted] of [redacted] is odd")
          .doesNotContain(state, StubOp.NONCE);
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
