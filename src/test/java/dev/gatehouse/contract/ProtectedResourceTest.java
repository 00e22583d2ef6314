package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Json;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What clients may find out about the API (RFC 9728), and what challenges tell (RFC 9470). */
@OverHttp2
class ProtectedResourceTest extends ContractTest {
  private static final String PATH = "/.well-known/oauth-protected-resource/api";
  private static final String NAMED = "resource_metadata=\"https://app.example" + PATH + "\"";

  @Override
  protected String configuration() {
    return """
        bearer:
          audience: https://api.example
          resource: https://app.example/api
        rules:
          - {path: /api/pay/**, access: bearer, scopes: [pay], require: {acr: [gold, silver]}, max-age: 5m}
          - {path: /api/**, access: bearer, scopes: [read]}
        """;
  }

  private Reply ask(String path, String scope, Map<String, Object> more) {
    String token =
        scene
            .op()
            .accessToken(TokenRecipe.correct().header("typ", "at+jwt").claim("scope", scope), more);
    return scene
        .browser()
        .send(Ask.get(path).kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token));
  }

  @Test
  @Rule("TH-BEAR-2")
  void theMetadataAreForEverybody() {
    Reply reply = scene.browser().get(PATH);

    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(reply.cookies()).isEmpty();
    assertThat(Json.object(reply.body()))
        .containsEntry("resource", "https://app.example/api")
        .containsEntry("authorization_servers", List.of(scene.op().issuer()))
        .containsEntry("bearer_methods_supported", List.of("header"))
        .containsEntry("scopes_supported", List.of("pay", "read"))
        .containsKey("dpop_signing_alg_values_supported")
        .doesNotContainKey("dpop_bound_access_tokens_required");
    assertAppUnreached();
  }

  @Test
  void theMetadataAreReadAndNothingElse() {
    assertThat(scene.browser().send(Ask.of("POST", PATH)).status()).isEqualTo(405);
    assertThat(scene.browser().send(Ask.of("HEAD", PATH)).status()).isEqualTo(200);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-2")
  @Rule("TH-BEAR-3")
  void everyChallengeNamesTheMetadata() {
    List<Reply> replies =
        List.of(
            scene.browser().get("/api/x"),
            ask("/api/x", "read", Map.of("aud", "https://other.example")),
            ask("/api/x", "write", Map.of()),
            ask("/api/pay/x", "pay", Map.of()));

    assertThat(replies).extracting(Reply::status).containsExactly(401, 401, 403, 401);
    assertThat(replies)
        .allSatisfy(
            reply ->
                assertThat(reply.headers("WWW-Authenticate"))
                    .hasSize(2)
                    .allMatch(challenge -> challenge.contains(NAMED)));
    assertThat(replies.get(2).header("WWW-Authenticate"))
        .contains("error=\"insufficient_scope\"")
        .contains("scope=\"read\"");
  }

  @Test
  @Rule("TH-AUTHZ-14")
  @Rule("TH-BEAR-3")
  void aWeakAuthenticationIsToldWhatWouldDo() {
    long now = scene.clock().instant().getEpochSecond();
    Map<String, Object> good = Map.of("acr", "silver", "auth_time", now - 10);
    assertThat(App.made(ask("/api/pay/x", "pay", good))).isTrue();
    scene.app().forget();

    for (Map<String, Object> weak :
        List.<Map<String, Object>>of(
            Map.of("auth_time", now - 10),
            Map.of("acr", "bronze", "auth_time", now - 10),
            Map.of("acr", List.of("gold"), "auth_time", now - 10),
            Map.of("acr", "gold", "auth_time", now - 400),
            Map.of("acr", "gold"))) {
      Reply reply = ask("/api/pay/x", "pay", weak);

      assertThat(reply.status()).as("%s", weak).isEqualTo(401);
      assertThat(reply.header("WWW-Authenticate"))
          .startsWith("Bearer ")
          .contains("error=\"insufficient_user_authentication\"")
          .contains("acr_values=\"")
          .contains("gold")
          .contains("max_age=300");
      assertAppUnreached();
    }
  }
}
