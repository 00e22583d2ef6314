package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.DpopClient;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Access tokens that have to be bound, by proofs that hold a nonce of the gateway (RFC 9449 §9).
 */
class DpopNonceDemandTest extends ContractTest {
  private static final String URL = Scene.PUBLIC_URL + "/api/x";

  private DpopClient client;
  private String token;

  @Override
  protected String configuration() {
    return """
        bearer:
          audience: https://api.example
          validation: introspection
          sender-constraint: dpop
          dpop-nonce: true
        rules:
          - {path: /api/**, access: bearer}
        """;
  }

  @BeforeEach
  void bind() {
    client = DpopClient.es256(scene.clock());
    token = introspected(Map.of("cnf", Map.of("jkt", client.thumbprint()), "token_type", "DPoP"));
  }

  private String introspected(Map<String, Object> more) {
    Map<String, Object> answer = new java.util.HashMap<>(more);
    answer.put("active", true);
    answer.put("aud", "https://api.example");
    answer.put("sub", "alice-1");
    answer.put("exp", scene.clock().instant().getEpochSecond() + 3_600);
    return scene.op().opaqueToken(answer);
  }

  private Reply ask(Object nonce) {
    return scene
        .browser()
        .send(
            Ask.get("/api/x")
                .kind(Ask.Kind.XHR)
                .header("Authorization", "DPoP " + token)
                .header("DPoP", client.proof("GET", URL, token).claim("nonce", nonce).compact()));
  }

  private String challenged(Reply reply) {
    assertThat(reply.status()).as("%s", reply).isEqualTo(401);
    assertThat(reply.header("WWW-Authenticate")).contains("error=\"use_dpop_nonce\"");
    assertThat(reply.headers("DPoP-Nonce")).hasSize(1);
    assertAppUnreached();
    return reply.header("DPoP-Nonce");
  }

  @Test
  @Rule("TH-BEAR-18")
  void aProofNeedsTheNonceThatTheGatewayGave() {
    String nonce = challenged(ask(null));

    Reply reply = ask(nonce);

    assertThat(App.made(reply)).as("%s", reply).isTrue();
    assertThat(reply.header("DPoP-Nonce")).isNull();
  }

  @Test
  @Rule("TH-BEAR-18")
  void aNonceThatIsNotOursIsNone() {
    String nonce = challenged(ask(null));
    char last = nonce.charAt(nonce.length() - 1);

    for (Object other :
        List.of("made-up", "", 7, nonce + "A", nonce.substring(1), nonce.replace(last, '-'))) {
      challenged(ask(other));
    }
    assertThat(App.made(ask(nonce))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-18")
  void anOldNonceIsReplacedInTimeAndThenRefused() {
    String nonce = challenged(ask(null));
    scene.clock().pass(Duration.ofSeconds(130));

    Reply reply = ask(nonce);

    assertThat(App.made(reply)).as("%s", reply).isTrue();
    String next = reply.header("DPoP-Nonce");
    assertThat(next).isNotNull().isNotEqualTo(nonce);
    scene.clock().pass(Duration.ofSeconds(111));
    scene.app().forget();
    challenged(ask(nonce));
    assertThat(App.made(ask(next))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-17")
  void aTokenThatIsNotBoundIsNotTaken() {
    String nonce = challenged(ask(null));
    assertThat(App.made(ask(nonce))).isTrue();
    scene.app().forget();
    String plain = introspected(Map.of());

    Reply reply =
        scene
            .browser()
            .send(Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + plain));

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.headers("WWW-Authenticate"))
        .singleElement()
        .asString()
        .startsWith("DPoP ")
        .contains("error=\"invalid_token\"");
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-11")
  @Rule("TH-BEAR-17")
  void aTypeThatTheBindingDoesNotBearOutIsRefused() {
    String nonce = challenged(ask(null));
    token = introspected(Map.of("token_type", "DPoP"));
    assertThat(ask(nonce).status()).isEqualTo(401);
    token = introspected(Map.of("token_type", "N_A", "cnf", Map.of("jkt", client.thumbprint())));
    assertThat(ask(nonce).status()).isEqualTo(401);
    assertAppUnreached();
    token = introspected(Map.of("token_type", "Bearer", "cnf", Map.of("jkt", client.thumbprint())));
    assertThat(App.made(ask(nonce))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-2")
  void theChallengeNamesTheOneSchemeThatIsTaken() {
    Reply reply = scene.browser().get("/api/x");

    assertThat(reply.headers("WWW-Authenticate"))
        .singleElement()
        .asString()
        .startsWith("DPoP ")
        .doesNotContain("error=");
  }
}
