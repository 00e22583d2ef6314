package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.config.Provider.ClientAuthentication;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An OP that says it takes another client authentication than the configured one. */
class OfferedAuthenticationTest {
  private static final OfferedAuthentication BY_KEY =
      new OfferedAuthentication(ClientAuthentication.PRIVATE_KEY_JWT, () -> Optional.of("ES256"));

  private static JsonObject document(String json) {
    return JsonObject.parse(json.getBytes(UTF_8)).orElseThrow();
  }

  @Test
  void listWithTheMethodAndAlgorithmFits() {
    assertThat(
            BY_KEY.misfit(
                document(
                    "{\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\"],"
                        + "\"token_endpoint_auth_signing_alg_values_supported\":[\"ES256\"]}")))
        .isEmpty();
  }

  @Test
  void missingListSaysNothing() {
    assertThat(BY_KEY.misfit(document("{}"))).isEmpty();
  }

  @Test
  @Rule("TH-TOK-3")
  void listWithoutTheMethodIsTold() {
    assertThat(
            BY_KEY.misfit(
                document("{\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]}")))
        .hasValueSatisfying(
            text -> assertThat(text).contains("private-key-jwt").contains("client_secret_post"));
  }

  @Test
  @Rule("TH-TOK-4")
  void listWithoutTheAlgorithmIsTold() {
    String rsaAlone = "{\"token_endpoint_auth_signing_alg_values_supported\":[\"RS256\"]}";
    assertThat(BY_KEY.misfit(document(rsaAlone)))
        .hasValueSatisfying(
            text -> assertThat(text).contains("ES256", "RS256", "client-key-algorithm"));
    assertThat(
            new OfferedAuthentication(ClientAuthentication.CLIENT_SECRET_BASIC, Optional::empty)
                .misfit(document(rsaAlone)))
        .isEmpty();
  }
}
