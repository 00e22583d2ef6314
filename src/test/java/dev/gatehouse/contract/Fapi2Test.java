package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.AssertionCheck;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code profile: fapi2} at an OP that keeps the FAPI 2.0 Security Profile (Final). */
class Fapi2Test extends ContractTest {
  private static final ECKey KEY =
      new ECKey.Builder(KeyFiles.ec(Curve.P_256, "fapi-2026"))
          .algorithm(JWSAlgorithm.ES256)
          .build();
  private static final long LIFE = 300;

  private final Path folder = KeyFiles.folder();

  @Override
  protected String configuration() {
    return """
        provider:
          client-secret: null
          client-authentication: private-key-jwt
          client-key: %s
          sender-constraint: dpop
          profile: fapi2
        """
        .formatted(KeyFiles.write(folder.resolve("client.jwk"), KEY.toJSONString()));
  }

  @Override
  protected void provider(StubOp op) {
    op.promiseIssuer()
        .demandDpop()
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
        .idToken(TokenRecipe.correct().es256())
        .refreshedIdToken(TokenRecipe.correct().es256());
  }

  private LoginAttempt attempt(Plan plan) {
    return scene.login(scene.browser(), "/x").plan(plan);
  }

  @Test
  @Rule("TH-TOK-4")
  void loginKeepsTheProfile() {
    LoginAttempt attempt = attempt(signed().refreshable(LIFE)).complete();
    assertThat(scene.userSeen(attempt.browser(), "/x")).isEqualTo("alice-1");
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));
    assertThat(scene.userSeen(attempt.browser(), "/x")).isEqualTo("alice-1");

    // §5.3.3.2: pushed, with nothing but the reference in the browser.
    assertThat(attempt.start().locationQuery()).containsOnlyKeys("client_id", "request_uri");
    OpCall pushed = scene.op().calls("par").get(0);
    assertThat(pushed.form("code_challenge_method")).isEqualTo("S256");
    assertThat(pushed.form("dpop_jkt")).hasSize(43);
    assertThat(pushed.form("client_assertion")).isNotEmpty();
    // §5.3.3.1: each token request is authenticated and proven anew.
    assertThat(scene.op().calls("token")).hasSize(2);
    assertThat(scene.op().calls("token"))
        .allSatisfy(
            call -> {
              assertThat(call.form("client_assertion")).isNotEmpty();
              assertThat(call.form("client_secret")).isNull();
              assertThat(call.header("DPoP")).isNotEmpty();
            });
  }

  @Test
  @Rule("TH-CB-6")
  void responseWithoutIssuerIsRefused() {
    LoginAttempt without = attempt(signed().answer("iss", null));
    assertRefused(without.comeBack(), 403);
    assertNoSession(without.browser());

    LoginAttempt foreign = attempt(signed().answer("iss", "https://evil.example"));
    assertRefused(foreign.comeBack(), 403);
    assertNoTokenCall();
  }

  @Test
  @Rule("TH-IDT-2")
  void algorithmBelowTheProfileIsRefused() {
    LoginAttempt attempt = attempt(Plan.honest());

    assertRefused(attempt.comeBack(), 502);
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-TOK-8")
  void tokenThatIsNotBoundIsRefused() {
    LoginAttempt attempt = attempt(signed().token(Fault.none().member("token_type", "Bearer")));

    assertRefused(attempt.comeBack(), 502);
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-AUTHZ-11")
  void requestThatCannotBePushedIsNotMadeInAnotherWay() {
    scene.op().fault("par", Fault.none().status(400).text("{\"error\":\"invalid_request\"}"));

    assertThat(scene.browser().get("/x").status()).isEqualTo(502);
    assertAppUnreached();
  }
}
