package dev.gatehouse.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.jose.SelfKeyedJws;
import dev.gatehouse.oidc.TestClock;
import dev.gatehouse.seal.Secret;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Any text for a DPoP proof, whole or for its parts: what nobody signed proves nothing. */
class DpopProofFuzzTest {
  private static final TestClock CLOCK = new TestClock();
  private static final TokenHash TOKEN = TokenHash.of(Secret.of("token"));
  private static final String URL = "https://app.example/api/x";

  private static ProofVerdict verify(String proof, String key) {
    return new DpopProofVerifier(Optional.empty(), CLOCK)
        .verify(new DpopProofVerifier.Request("GET", URL, TOKEN, key), List.of(proof));
  }

  @FuzzTest
  @Rule("TH-BEAR-18")
  void whatNobodySignedProvesNothing(FuzzedDataProvider data) {
    String text =
        data.consumeBoolean()
            ? data.consumeRemainingAsString()
            : encoded(data.consumeString(400))
                + "."
                + encoded(data.consumeRemainingAsString())
                + "."
                + encoded("x".repeat(64));
    String key = SelfKeyedJws.parse(text).map(SelfKeyedJws::thumbprint).orElse("none");

    assertThat(verify(text, key)).isInstanceOf(ProofVerdict.Refused.class);
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
