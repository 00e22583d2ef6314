package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.config.Provider.Proof;
import dev.gatehouse.config.Provider.SenderConstraint;
import dev.gatehouse.config.Provider.Tokens;
import dev.gatehouse.seal.Secret;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** OPs that cannot do what the configuration demands are refused before the first login. */
class DemandedMetadataTest {
  private static final Provider PLAIN =
      Provider.of(
          "https://op.example",
          "gw",
          Proof.bySecret(ClientAuthentication.PRIVATE_KEY_JWT, Secret.of("unused")));

  private static Provider fapi2(SenderConstraint constraint) {
    return PLAIN.withTokens(Tokens.DEFAULT.boundBy(constraint)).heldToFapi2();
  }

  private static Map<String, Object> good() {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("pushed_authorization_request_endpoint", "https://op.example/par");
    metadata.put("code_challenge_methods_supported", List.of("S256"));
    metadata.put("authorization_response_iss_parameter_supported", true);
    metadata.put("token_endpoint_auth_methods_supported", List.of("private_key_jwt"));
    metadata.put("id_token_signing_alg_values_supported", List.of("RS256", "PS256"));
    metadata.put("dpop_signing_alg_values_supported", List.of("ES256"));
    metadata.put("tls_client_certificate_bound_access_tokens", true);
    return metadata;
  }

  /** The refusal's word; empty where all is met. */
  private static String unmet(Provider provider, String name, Object value) {
    Map<String, Object> metadata = good();
    metadata.put(name, value);
    metadata.values().removeIf(""::equals);
    JsonObject document = JsonObject.parse(TestTokens.json(metadata).getBytes(UTF_8)).orElseThrow();
    Optional<String> algorithm =
        provider.tokens().senderConstraint() == SenderConstraint.DPOP
            ? Optional.of("ES256")
            : Optional.empty();
    return new DemandedMetadata(provider, algorithm)
        .firstUnmet(document)
        .map(MetadataRules.Reading.Refused::reason)
        .orElse("");
  }

  @Test
  @Rule("TH-CFG-13")
  void opWithoutAPartOfTheProfileIsRefused() {
    Provider provider = fapi2(SenderConstraint.DPOP);
    assertThat(unmet(provider, "issuer", "https://op.example")).isEmpty();

    assertThat(unmet(provider, "pushed_authorization_request_endpoint", "")).isEqualTo("fapi2");
    assertThat(unmet(provider, "code_challenge_methods_supported", "")).isEqualTo("fapi2");
    assertThat(unmet(provider, "authorization_response_iss_parameter_supported", ""))
        .isEqualTo("fapi2");
    assertThat(unmet(provider, "authorization_response_iss_parameter_supported", "true"))
        .isEqualTo("fapi2");
    assertThat(
            unmet(
                provider,
                "token_endpoint_auth_methods_supported",
                List.of("client_secret_basic", "tls_client_auth")))
        .isEqualTo("fapi2");
    assertThat(unmet(provider, "id_token_signing_alg_values_supported", List.of("RS256")))
        .isEqualTo("fapi2");
    assertThat(unmet(provider, "dpop_signing_alg_values_supported", "")).isEqualTo("dpop-alg");
  }

  @Test
  void nothingOfItIsDemandedWithoutTheProfile() {
    for (String name : good().keySet()) {
      assertThat(unmet(PLAIN, name, "")).as(name).isEmpty();
    }
  }

  @Test
  @Rule("TH-TOK-8")
  void opThatListsOtherProofAlgorithmsIsRefused() {
    Provider provider = PLAIN.withTokens(Tokens.DEFAULT.boundBy(SenderConstraint.DPOP));
    String name = "dpop_signing_alg_values_supported";

    assertThat(unmet(provider, name, List.of("ES256", "PS256"))).isEmpty();
    assertThat(unmet(provider, name, "")).isEmpty();
    assertThat(unmet(provider, name, List.of("EdDSA"))).isEqualTo("dpop-alg");
    assertThat(unmet(provider, name, "all")).isEqualTo("dpop-alg");
  }

  @Test
  @Rule("TH-TOK-4")
  void opThatDoesNotBindTokensToTheCertificateIsRefused() {
    String name = "tls_client_certificate_bound_access_tokens";
    for (Provider provider :
        List.of(
            PLAIN.withTokens(Tokens.DEFAULT.boundBy(SenderConstraint.MTLS)),
            fapi2(SenderConstraint.MTLS))) {
      assertThat(unmet(provider, name, true)).isEmpty();
      assertThat(unmet(provider, name, false)).isEqualTo("mtls-unbound");
      assertThat(unmet(provider, name, "")).isEqualTo("mtls-unbound");
      assertThat(unmet(provider, name, "true")).isEqualTo("mtls-unbound");
    }
  }
}
