package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.DpopClient;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Access tokens that a rule lets go on to the app: the validated one, and nothing beside it. */
class ForwardTokenTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        bearer: {audience: https://api.example, validation: jwt}
        rules:
          - {path: /raw/**, access: bearer, forward-token: true}
          - {path: /raw-or-login/**, access: login-or-bearer, forward-token: true}
          - {path: /api/**, access: bearer}
          - {path: /open/**, access: anonymous}
        """;
  }

  private String token(Map<String, Object> more) {
    return scene.op().accessToken(TokenRecipe.correct().header("typ", "at+jwt"), more);
  }

  private static Ask ask(String path, String authorization) {
    return Ask.get(path).kind(Ask.Kind.XHR).header("Authorization", authorization);
  }

  @Test
  @Rule("TH-BEAR-21")
  void theTokenGoesOnWhereTheRuleSaysSo() {
    String bearer = "Bearer " + token(Map.of());

    assertThat(App.made(scene.browser().send(ask("/raw/x", bearer)))).isTrue();
    assertThat(scene.app().only().header("Authorization")).isEqualTo(bearer);
    scene.app().forget();

    assertThat(App.made(scene.browser().send(ask("/api/x", bearer)))).isTrue();
    assertThat(scene.app().only().headers("Authorization")).isEmpty();
  }

  @Test
  @Rule("TH-BEAR-21")
  void aTokenThatNobodyValidatedGoesNowhere() {
    String bearer = "Bearer " + token(Map.of("aud", "https://other.example"));

    assertThat(scene.browser().send(ask("/raw/x", bearer)).status()).isEqualTo(401);
    assertAppUnreached();
    assertThat(App.made(scene.browser().send(ask("/open/x", bearer)))).isTrue();
    assertThat(scene.app().only().headers("Authorization")).isEmpty();
  }

  @Test
  @Rule("TH-BEAR-21")
  void theTokenOfASessionIsNotForTheApp() {
    Browser browser = scene.signedIn();
    String ofSession = scene.op().lastAccessToken();
    scene.app().forget();

    assertThat(App.made(browser.get("/raw-or-login/x"))).isTrue();

    assertThat(scene.app().only().everything()).doesNotContain(ofSession);
  }

  @Test
  @Rule("TH-BEAR-21")
  void theProofStaysHere() {
    DpopClient client = DpopClient.es256(scene.clock());
    String token = token(Map.of("cnf", Map.of("jkt", client.thumbprint())));
    String proof = client.proof("GET", Scene.PUBLIC_URL + "/raw/x", token).compact();

    assertThat(App.made(scene.browser().send(ask("/raw/x", "DPoP " + token).header("DPoP", proof))))
        .isTrue();

    assertThat(scene.app().only().header("Authorization")).isEqualTo("DPoP " + token);
    assertThat(scene.app().only().everything()).doesNotContain(proof);
  }
}
