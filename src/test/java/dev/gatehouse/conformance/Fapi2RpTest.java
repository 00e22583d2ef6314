package dev.gatehouse.conformance;

import static dev.gatehouse.testkit.TokenRecipe.correct;
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
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code fapi2-security-profile-final-client-test-plan} with private_key_jwt, DPoP and OpenID
 * Connect. The names of its modules begin with {@code fapi2-security-profile-final-client-test-}.
 */
class Fapi2RpTest extends ContractTest {
  private static final ECKey KEY =
      new ECKey.Builder(KeyFiles.ec(Curve.P_256, "suite")).algorithm(JWSAlgorithm.ES256).build();
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

  /** As the suite signs: with ES256. */
  private static TokenRecipe idToken() {
    return correct().es256();
  }

  private static Plan signed() {
    return Plan.honest().idToken(idToken()).refreshedIdToken(idToken());
  }

  private LoginAttempt attempt(Plan plan) {
    return scene.login(scene.browser(), "/x").plan(plan);
  }

  private void assertRejected(LoginAttempt attempt) {
    Reply reply = attempt.comeBack();
    assertThat(reply.status()).as("%s", reply).isIn(403, 502);
    assertRefused(reply, reply.status());
    assertNoSession(attempt.browser());
    assertAppUnreached();
  }

  @Test
  @DisplayName("happy-path")
  @Rule("TH-AUTHZ-11")
  void loginOfTheProfile() {
    scene.op().demandNonce("nonce-of-the-suite-" + door);
    LoginAttempt attempt = attempt(signed()).complete();

    assertSession(attempt.browser(), "alice-1");
    assertThat(attempt.start().locationQuery()).containsOnlyKeys("client_id", "request_uri");
    scene.op().demandNonce(null);
  }

  @Test
  @DisplayName("happy-path-no-dpop-nonce")
  @Rule("TH-AUTHZ-11")
  void loginWithoutNonceOfTheOp() {
    assertSession(attempt(signed()).complete().browser(), "alice-1");
  }

  @Test
  @DisplayName("refresh-token")
  @Rule("TH-TOK-12")
  void tokensAreRenewed() {
    LoginAttempt attempt = attempt(signed().refreshable(LIFE)).complete();
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));

    assertThat(scene.userSeen(attempt.browser(), "/x")).isEqualTo("alice-1");
    assertThat(scene.op().calls("token")).hasSize(2);
  }

  @Test
  @DisplayName("token-type-case-insensitivity")
  @Rule("TH-TOK-8")
  void tokenTypeInAnyCase() {
    assertSession(
        attempt(signed().token(Fault.none().member("token_type", "dPoP"))).complete().browser(),
        "alice-1");
  }

  static Stream<Arguments> idTokens() {
    return Stream.of(
        Arguments.of("invalid-iss", idToken().claim("iss", "https://op.example/1")),
        Arguments.of("invalid-missing-iss", idToken().claim("iss", null)),
        Arguments.of("invalid-aud", idToken().claim("aud", "gw1")),
        Arguments.of("invalid-missing-aud", idToken().claim("aud", null)),
        Arguments.of("invalid-secondary-aud", idToken().claim("aud", List.of("gw", "gw1"))),
        Arguments.of("invalid-expired-exp", idToken().claim("exp", 1)),
        Arguments.of("invalid-missing-exp", idToken().claim("exp", null)),
        Arguments.of("invalid-nonce", idToken().claim("nonce", "1")),
        Arguments.of("invalid-missing-nonce", idToken().claim("nonce", null)),
        Arguments.of("invalid-null-alg", idToken().unsecured("none")),
        Arguments.of("invalid-alternate-alg", correct()),
        Arguments.of("invalid-signature", idToken().signature(new byte[64])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("idTokens")
  @Rule("TH-IDT-2")
  @Rule("TH-IDT-6")
  @Rule("TH-IDT-7")
  @Rule("TH-IDT-8")
  @Rule("TH-IDT-9")
  void idTokenThatBreaksARule(String module, TokenRecipe recipe) {
    assertRejected(attempt(signed().idToken(recipe)));
  }

  static Stream<Arguments> responses() {
    return Stream.of(
        Arguments.of("invalid-authorization-response-iss", "iss", "https://evil.example"),
        Arguments.of("remove-authorization-response-iss", "iss", null),
        Arguments.of(
            "ensure-authorization-response-with-invalid-state-fails", "state", "x".repeat(43)),
        Arguments.of(
            "ensure-authorization-response-with-invalid-missing-state-fails", "state", null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("responses")
  @Rule("TH-CB-6")
  @Rule("TH-STATE-3")
  void responseThatBreaksARule(String module, String parameter, String value) {
    LoginAttempt attempt = attempt(signed().answer(parameter, value));

    assertRejected(attempt);
    assertNoTokenCall();
  }
}
