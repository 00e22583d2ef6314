package dev.gatehouse.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.jose.NestedJwts;
import dev.gatehouse.jose.TokenDecrypter;
import java.time.Duration;

/** Any header and any claims, signed: userinfo is this OP's, for this client (Core §5.3.2). */
class SignedUserinfoFuzzTest {
  private static final SignedUserinfo RULES =
      new SignedUserinfo(
          FuzzedTokens.ISSUER,
          TestTokens.CLIENT_ID,
          new NestedJwts(TokenDecrypter.none(), FuzzedTokens.verifier()),
          FuzzedTokens.CLOCK);

  @FuzzTest
  @Rule("TH-IDT-14")
  void onlyUserinfoForThisClientIsBelieved(byte[] bytes) {
    if (RULES.verify(FuzzedTokens.signed(bytes), Deadline.after(Duration.ofSeconds(1)))
        instanceof UserinfoEndpoint.Answer.Claims claims) {
      assertThat(claims.claims().get("iss")).isEqualTo(FuzzedTokens.ISSUER);
      assertThat(String.valueOf(claims.claims().get("aud"))).contains(TestTokens.CLIENT_ID);
    }
  }
}
