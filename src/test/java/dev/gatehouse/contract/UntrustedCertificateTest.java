package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A client that tells its certificate itself; {@link CertificateBoundTest} is the twin. */
class UntrustedCertificateTest extends ContractTest {
  @Override
  protected String configuration() {
    return CertificateBoundTest.configuration("10.0.0.0/8");
  }

  private Ask ask(Map<String, Object> claims) {
    String token = scene.op().accessToken(TokenRecipe.correct().header("typ", "at+jwt"), claims);
    String certificate =
        ":" + Base64.getEncoder().encodeToString(CertificateBoundTest.CLIENT.der()) + ":";
    return Ask.get("/api/x")
        .kind(Ask.Kind.XHR)
        .header("Authorization", "Bearer " + token)
        .header("X-Peer-Cert", certificate);
  }

  @Test
  @Rule("TH-BEAR-19")
  void whatAStrangerSaysOfHisCertificateCountsForNothing() {
    Map<String, Object> bound =
        Map.of("cnf", Map.of("x5t#S256", CertificateBoundTest.CLIENT.thumbprint()));

    assertThat(scene.browser().send(ask(bound)).status()).isEqualTo(401);
    assertAppUnreached();
    assertThat(App.made(scene.browser().send(ask(Map.of())))).isTrue();
    assertThat(scene.app().only().headers("X-Peer-Cert")).isEmpty();
  }
}
