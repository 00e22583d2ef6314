package dev.gatehouse.oidc;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.SenderConstraint;
import dev.gatehouse.seal.Secret;
import java.text.ParseException;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often a demand for a nonce is followed (RFC 9449 §8): once. */
class DpopNonceTest {
  private static StubOp op;

  private DiscoveredProvider provider;

  @BeforeAll
  static void startOp() {
    op = new StubOp();
  }

  @AfterAll
  static void stopOp() {
    op.close();
  }

  @BeforeEach
  void openProvider() {
    op.reset();
    Provider bound =
        op.provider().withTokens(Provider.Tokens.DEFAULT.boundBy(SenderConstraint.DPOP));
    provider =
        new DiscoveredProvider(
            OpConnection.open(bound, StubOp.backchannel(), true, new TestClock(), StubOp.RANDOM),
            bound,
            Set.of("sub"));
  }

  @AfterEach
  void closeProvider() {
    provider.close();
  }

  private static ResponseDefinitionBuilder demand(int status, String nonce) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/json")
        .withHeader("DPoP-Nonce", nonce)
        .withBody("{\"error\":\"use_dpop_nonce\"}");
  }

  /** Each answer has another nonce than the one before, for ever. */
  private static void demandAnotherEachTime() {
    String[] states = {"Started", "second", "third", "fourth"};
    for (int i = 0; i + 1 < states.length; i++) {
      op.server()
          .stubFor(
              any(urlPathEqualTo("/main/token"))
                  .inScenario("nonces")
                  .whenScenarioStateIs(states[i])
                  .willSetStateTo(states[i + 1])
                  .willReturn(demand(400, "nonce-" + i)));
    }
  }

  private static Object nonceOf(int call) {
    try {
      return SignedJWT.parse(op.calls("token").get(call).getHeader("DPoP"))
          .getJWTClaimsSet()
          .getClaim("nonce");
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Rule("TH-TOK-6")
  void codeIsSentTwiceAtMost() {
    demandAnotherEachTime();

    assertThat(provider.complete(StubOp.GRANT))
        .isEqualTo(new LoginOutcome.Refused(502, "token-error"));
    assertThat(op.calls("token")).hasSize(2);
  }

  @Test
  @Rule("TH-TOK-13")
  void refreshTokenIsSentTwiceAtMostAndTheGrantLivesOn() {
    demandAnotherEachTime();

    assertThat(provider.refresh(Secret.of("refresh-token-of-the-test"), "alice-1"))
        .isEqualTo(new RefreshOutcome.Undecided(OpFailure.NONSENSE));
    assertThat(op.calls("token")).hasSize(2);
  }

  @Test
  @Rule("TH-TOK-6")
  void nonceThatTheProofHadAlreadyIsNoReasonToSendItAgain() {
    op.serve("token", demand(401, "nonce-of-the-op"));
    provider.complete(StubOp.GRANT);
    assertThat(op.calls("token")).hasSize(2);

    provider.complete(StubOp.GRANT);

    assertThat(op.calls("token")).hasSize(3);
    assertThat(nonceOf(2)).isEqualTo("nonce-of-the-op");
  }

  @Test
  @Rule("TH-TOK-6")
  void serverErrorIsNeverFollowed() {
    op.serve("token", demand(500, "nonce-of-the-op"));

    assertThat(provider.complete(StubOp.GRANT))
        .isEqualTo(new LoginOutcome.Undecided(OpFailure.FAILED));
    assertThat(op.calls("token")).hasSize(1);
  }

  @Test
  @Rule("TH-TOK-6")
  void clientWithoutDpopFollowsNoDemand() {
    provider.close();
    provider =
        new DiscoveredProvider(
            OpConnection.open(
                op.provider(), StubOp.backchannel(), true, new TestClock(), StubOp.RANDOM),
            op.provider(),
            Set.of("sub"));
    op.serve("token", demand(400, "nonce-of-the-op"));

    provider.complete(StubOp.GRANT);

    assertThat(op.calls("token")).hasSize(1);
    assertThat(op.calls("token").get(0).getHeader("DPoP")).isNull();
  }
}
