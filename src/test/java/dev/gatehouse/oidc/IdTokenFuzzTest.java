package dev.gatehouse.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.jose.TokenDecrypter;
import dev.gatehouse.seal.Secret;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Any header and any claims, signed: what is believed keeps the rules of Core §3.1.3.7. */
class IdTokenFuzzTest {
  private static final IdTokenVerifier VERIFIER =
      new IdTokenVerifier(
          FuzzedTokens.ISSUER,
          TestTokens.CLIENT_ID,
          Set.of(),
          TokenDecrypter.none(),
          FuzzedTokens.verifier(),
          FuzzedTokens.CLOCK);

  @FuzzTest
  @Rule("TH-IDT-6")
  @Rule("TH-IDT-7")
  @Rule("TH-IDT-8")
  @Rule("TH-IDT-9")
  @Rule("TH-IDT-13")
  void onlyATokenForThisLoginIsBelieved(byte[] bytes) {
    IdTokenVerdict verdict =
        VERIFIER.verify(
            FuzzedTokens.signed(bytes),
            Secret.of(StubOp.ACCESS_TOKEN),
            StubOp.GRANT,
            Deadline.after(Duration.ofSeconds(1)));
    if (!(verdict instanceof IdTokenVerdict.Verified verified)) {
      return;
    }
    JsonObject claims = verified.idToken().claims();
    assertThat(claims.get("iss")).isEqualTo(FuzzedTokens.ISSUER);
    assertThat(claims.get("nonce")).isEqualTo(StubOp.NONCE);
    Object audience = claims.get("aud");
    assertThat(audience instanceof List<?> list ? list : List.of(audience))
        .isNotEmpty()
        .allMatch(TestTokens.CLIENT_ID::equals);
    assertThat(claims.text("sub").orElse("")).isNotBlank().hasSizeLessThan(256).isASCII();
    BigDecimal now = BigDecimal.valueOf(FuzzedTokens.CLOCK.instant().getEpochSecond());
    assertThat(number(claims, "exp")).isGreaterThan(now.subtract(BigDecimal.valueOf(60)));
    assertThat(number(claims, "iat"))
        .isBetween(now.subtract(BigDecimal.valueOf(600)), now.add(BigDecimal.valueOf(61)));
  }

  private static BigDecimal number(JsonObject claims, String name) {
    return new BigDecimal(claims.get(name).toString());
  }
}
