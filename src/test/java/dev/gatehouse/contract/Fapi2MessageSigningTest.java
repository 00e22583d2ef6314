package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.AssertionCheck;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** FAPI 2.0 Message Signing: the profile with signed requests and signed responses. */
class Fapi2MessageSigningTest extends ContractTest {
  private static final ECKey KEY =
      new ECKey.Builder(KeyFiles.ec(Curve.P_256, "fapi-2026"))
          .algorithm(JWSAlgorithm.ES256)
          .build();
  private static final long LIFE = 300;

  @Override
  protected String configuration() {
    return """
        provider:
          client-secret: null
          client-authentication: private-key-jwt
          client-key: %s
          sender-constraint: dpop
          profile: fapi2
          request-object: always
          response-mode: jwt
        """
        .formatted(KeyFiles.write(KeyFiles.folder().resolve("client.jwk"), KEY.toJSONString()));
  }

  @Override
  protected void provider(StubOp op) {
    op.demandDpop()
        .requestsSignedBy(KEY)
        .metadata("require_signed_request_object", true)
        .metadata("response_modes_supported", List.of("jwt"))
        .metadata("token_endpoint_auth_methods_supported", List.of("private_key_jwt"))
        .metadata("token_endpoint_auth_signing_alg_values_supported", List.of("ES256"))
        .metadata("id_token_signing_alg_values_supported", List.of("PS256", "ES256"));
    op.usually(signed());
  }

  @BeforeEach
  void knowTheClientByItsKey() {
    scene
        .op()
        .client(
            AssertionCheck.byKeys(
                () -> new JWKSet(KEY.toPublicJWK()), scene.op().issuer(), scene.clock()));
  }

  private static Plan signed() {
    return Plan.honest()
        .response(TokenRecipe.correct().es256())
        .idToken(TokenRecipe.correct().es256())
        .refreshedIdToken(TokenRecipe.correct().es256());
  }

  private LoginAttempt attempt(Plan plan) {
    return scene.login(scene.browser(), "/x").plan(plan);
  }

  private static Map<String, Object> claims(String jws) {
    try {
      return JWSObject.parse(jws).getPayload().toJSONObject();
    } catch (ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  @Rule("TH-AUTHZ-11")
  @Rule("TH-CB-7")
  void loginIsSignedBothWays() {
    LoginAttempt attempt = attempt(signed().refreshable(LIFE)).complete();
    assertThat(scene.userSeen(attempt.browser(), "/x")).isEqualTo("alice-1");
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));
    assertThat(scene.userSeen(attempt.browser(), "/x")).isEqualTo("alice-1");

    assertThat(attempt.start().locationQuery()).containsOnlyKeys("client_id", "request_uri");
    OpCall pushed = scene.op().calls("par").get(0);
    assertThat(pushed.form())
        .containsKeys("request", "client_assertion")
        .doesNotContainKeys("state", "redirect_uri", "code_challenge", "dpop_jkt");
    assertThat(claims(pushed.form("request")))
        .containsEntry("response_mode", "jwt")
        .containsEntry("code_challenge_method", "S256")
        .containsKeys("state", "nonce", "dpop_jkt", "exp", "nbf");
    assertThat(attempt.callbackUrl()).contains("?response=").doesNotContain("code=");
    assertThat(scene.op().calls("token"))
        .hasSize(2)
        .allSatisfy(
            call -> {
              assertThat(call.form("client_assertion")).isNotEmpty();
              assertThat(call.header("DPoP")).isNotEmpty();
            });
  }

  @Test
  @Rule("TH-CB-6")
  void responseThatIsNotSignedAsTheProfileAsksIsRefused() {
    for (Plan plan :
        List.of(
            signed().answeringByQuery(),
            signed().response(TokenRecipe.correct()),
            signed().response(TokenRecipe.correct().unsecured("none")),
            signed().response(TokenRecipe.correct().es256().claim("iss", null)))) {
      LoginAttempt attempt = attempt(plan);

      assertRefused(attempt.comeBack(), 403);
      assertNoTokenCall();
      assertNoSession(attempt.browser());
    }
  }
}
