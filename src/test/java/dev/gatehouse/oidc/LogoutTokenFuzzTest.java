package dev.gatehouse.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.jose.CompactJws;
import dev.gatehouse.jose.TokenDecrypter;
import dev.gatehouse.seal.Secret;
import java.time.Duration;

/** Any header and any claims, signed: what ends a session keeps the rules of the logout token. */
class LogoutTokenFuzzTest {
  private static final LogoutTokenVerifier VERIFIER =
      new LogoutTokenVerifier(
          FuzzedTokens.ISSUER,
          TestTokens.CLIENT_ID,
          TokenDecrypter.none(),
          FuzzedTokens.verifier(),
          algorithm -> true,
          false,
          FuzzedTokens.CLOCK);

  @FuzzTest
  @Rule("TH-OUT-5")
  void onlyALogoutTokenEndsASessionAndOnlyOnce(byte[] bytes) {
    Secret token = FuzzedTokens.signed(bytes);
    LogoutToken verdict = VERIFIER.verify(token, Deadline.after(Duration.ofSeconds(1)));
    if (!(verdict instanceof LogoutToken.Verified verified)) {
      return;
    }
    var claims = CompactJws.parse(token.reveal()).orElseThrow().claims();
    assertThat(verified.sessionId().isPresent() || verified.subject().isPresent()).isTrue();
    assertThat(claims.get("iss")).isEqualTo(FuzzedTokens.ISSUER);
    assertThat(claims.has("nonce")).isFalse();
    assertThat(VERIFIER.verify(token, Deadline.after(Duration.ofSeconds(1))))
        .isInstanceOf(LogoutToken.Refused.class);
  }
}
