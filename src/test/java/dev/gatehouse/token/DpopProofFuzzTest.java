package dev.gatehouse.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.jose.SelfKeyedJws;
import dev.gatehouse.oidc.TestClock;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.testkit.DpopClient;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Any text for a DPoP proof, and any for the parts of one that its key did sign. */
class DpopProofFuzzTest {
  private static final TestClock CLOCK = new TestClock();
  private static final DpopClient CLIENT = DpopClient.es256(CLOCK);
  private static final TokenHash TOKEN = TokenHash.of(Secret.of("token"));
  private static final String URL = "https://app.example/api/x";

  private static ProofVerdict verify(String proof, String key) {
    return new DpopProofVerifier(Optional.empty(), CLOCK)
        .verify(new DpopProofVerifier.Request("GET", URL, TOKEN, key), List.of(proof));
  }

  @FuzzTest
  @Rule("TH-BEAR-18")
  void whatNobodySignedProvesNothing(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    String key = SelfKeyedJws.parse(text).map(SelfKeyedJws::thumbprint).orElse("none");

    assertThat(verify(text, key)).isInstanceOf(ProofVerdict.Refused.class);
  }

  @FuzzTest
  @Rule("TH-BEAR-18")
  void anyHeaderAndAnyClaimsAreReadWithoutFail(FuzzedDataProvider data) {
    String header = data.consumeString(400);
    String claims = data.consumeRemainingAsString();
    String text = encoded(header) + "." + encoded(claims) + "." + encoded("x".repeat(64));
    String key = SelfKeyedJws.parse(text).map(SelfKeyedJws::thumbprint).orElse("none");

    assertThat(verify(text, key)).isInstanceOf(ProofVerdict.Refused.class);
  }

  @FuzzTest
  @Rule("TH-BEAR-18")
  void aSignedProofIsForThisUrlAlone(FuzzedDataProvider data) {
    String url = data.consumeRemainingAsString();
    String proof = CLIENT.proof("GET", url, "token").compact();

    if (verify(proof, CLIENT.thumbprint()) instanceof ProofVerdict.Proven) {
      assertThat(url).startsWithIgnoringCase("https://app.example").doesNotContain("?", "#", "@");
      assertThat(ProofTarget.of(url)).contains(URL);
    } else {
      assertThat(url).isNotEqualTo(URL);
    }
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(US_ASCII));
  }
}
