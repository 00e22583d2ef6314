package dev.gatehouse.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.oidc.TestClock;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.testkit.DpopClient;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Any text for the URL of a DPoP proof that is good in every other way. */
class ProofTargetFuzzTest {
  private static final TestClock CLOCK = new TestClock();
  private static final DpopClient CLIENT = DpopClient.es256(CLOCK);
  private static final String URL = "https://app.example/api/x";

  @FuzzTest
  @Rule("TH-BEAR-18")
  void aProofIsForThisUrlAlone(byte[] bytes) {
    String url = new String(bytes, UTF_8);
    DpopProofVerifier.Request request =
        new DpopProofVerifier.Request(
            "GET", URL, TokenHash.of(Secret.of("token")), CLIENT.thumbprint());

    ProofVerdict verdict =
        new DpopProofVerifier(Optional.empty(), CLOCK)
            .verify(request, List.of(CLIENT.proof("GET", url, "token").compact()));

    if (verdict instanceof ProofVerdict.Proven) {
      assertThat(url).startsWithIgnoringCase("https://app.example").doesNotContain("?", "#");
      assertThat(URI.create(url).getRawUserInfo()).isNull(); // @ is a letter of paths too
      assertThat(ProofTarget.of(url)).contains(URL);
    } else {
      assertThat(url).isNotEqualTo(URL);
    }
  }
}
