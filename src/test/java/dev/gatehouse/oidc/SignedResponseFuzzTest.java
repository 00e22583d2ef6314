package dev.gatehouse.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.jose.CompactJws;
import dev.gatehouse.jose.TokenDecrypter;
import dev.gatehouse.seal.Secret;
import java.time.Duration;

/** Any header and any claims, signed: what counts as an answer to a login is one (JARM §2.4). */
class SignedResponseFuzzTest {
  private static final SignedResponses RESPONSES =
      new SignedResponses(
          Provider.of(
              FuzzedTokens.ISSUER,
              TestTokens.CLIENT_ID,
              Provider.Proof.bySecret(
                  ClientAuthentication.CLIENT_SECRET_BASIC, Secret.of(StubOp.CLIENT_SECRET))),
          TokenDecrypter.none(),
          FuzzedTokens.verifier(),
          FuzzedTokens.CLOCK);

  @FuzzTest
  @Rule("TH-CB-6")
  void onlyAnAnswerOfThisOpToThisClientIsRead(byte[] bytes) {
    Secret response = FuzzedTokens.signed(bytes);
    RESPONSES.claimedState(response);
    if (!(RESPONSES.verify(response, Deadline.after(Duration.ofSeconds(1)))
        instanceof AuthorizationResponse.Verified verified)) {
      return;
    }
    var claims = CompactJws.parse(response.reveal()).orElseThrow().claims();
    assertThat(claims.get("iss")).isEqualTo(FuzzedTokens.ISSUER);
    assertThat(String.valueOf(claims.get("aud"))).contains(TestTokens.CLIENT_ID);
    assertThat(claims.has("exp")).isTrue();
    assertThat(verified.parameters())
        .allSatisfy((name, value) -> assertThat(claims.get(name)).isEqualTo(value));
  }
}
