package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.AssertionCheck;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Client authentication by a signed assertion, at an OP that reads our published keys. */
class SignedAssertionTest extends ContractTest {
  private static final ECKey KEY = KeyFiles.ec(Curve.P_256, "main-2026");
  private static final String BY_KEY =
      """
      provider:
        client-secret: null
        client-authentication: private-key-jwt
        client-key: %s
      """;

  private final Path folder = KeyFiles.folder();
  private AssertionCheck check;

  @Override
  protected String configuration() {
    return BY_KEY.formatted(KeyFiles.write(folder.resolve("client.jwk"), KEY.toJSONString()))
        + """
          bearer: {audience: https://api.example, validation: introspection}
          rules:
            - {path: /api/**, access: bearer, scopes: [read]}
          """;
  }

  @BeforeEach
  void readPublishedKeys() {
    check = knownBy(scene, scene.op().issuer());
  }

  private static AssertionCheck knownBy(Scene scene, String audience) {
    AssertionCheck check = AssertionCheck.byKeys(() -> published(scene), audience, scene.clock());
    scene.op().client(check);
    return check;
  }

  private static JWKSet published(Scene scene) {
    try {
      return JWKSet.parse(scene.browser().get("/gatehouse/jwks").text());
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Rule("TH-TOK-1")
  @Rule("TH-TOK-2")
  @Rule("TH-TOK-3")
  @Rule("TH-TOK-4")
  void tokenRequestCarriesOneAssertionAndNoSecret() throws ParseException {
    scene.login(scene.browser(), "/x").complete();

    OpCall call = scene.op().calls("token").get(0);
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.target()).isEqualTo("/token");
    assertThat(call.header("Authorization")).isNull();
    assertThat(call.form().values()).allSatisfy(values -> assertThat(values).hasSize(1));
    assertThat(call.form().keySet())
        .containsExactlyInAnyOrder(
            "grant_type",
            "code",
            "redirect_uri",
            "code_verifier",
            "client_id",
            "client_assertion_type",
            "client_assertion");
    assertThat(check.accepted()).hasSize(1);
    SignedJWT assertion = check.accepted().get(0);
    assertThat(assertion.getHeader().getKeyID()).isEqualTo("main-2026");
    assertThat(assertion.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
    assertThat(assertion.getHeader().toJSONObject().keySet())
        .containsExactlyInAnyOrder("alg", "kid", "typ");
    assertThat(assertion.getJWTClaimsSet().getClaims().keySet())
        .containsExactlyInAnyOrder("iss", "sub", "aud", "jti", "iat", "exp");
    assertThat(assertion.getPayload().toJSONObject().get("aud")).isEqualTo(scene.op().issuer());
  }

  @Test
  @Rule("TH-TOK-4")
  void eachAssertionIsUsedOnceAndLivesAMinuteAtMost() throws ParseException {
    scene.login(scene.browser(), "/x").complete();
    scene.clock().pass(Duration.ofSeconds(5));
    scene.login(scene.browser(), "/x").complete();

    assertThat(check.accepted()).hasSize(2);
    assertThat(check.accepted().get(0).getJWTClaimsSet().getJWTID())
        .isNotEqualTo(check.accepted().get(1).getJWTClaimsSet().getJWTID());
    for (SignedJWT assertion : check.accepted()) {
      long issued = assertion.getJWTClaimsSet().getIssueTime().getTime();
      long end = assertion.getJWTClaimsSet().getExpirationTime().getTime();
      assertThat(end - issued).isBetween(1000L, 60_000L);
    }
  }

  @Test
  @Rule("TH-TOK-4")
  void introspectionAndRevocationAreAuthenticatedTheSameWay() {
    String token = scene.op().opaqueToken(Map.of("active", false));
    Reply refused =
        scene
            .browser()
            .send(Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token));
    assertThat(refused.status()).isEqualTo(401);
    assertThat(scene.op().calls("introspect")).hasSize(1);
    assertThat(check.accepted()).hasSize(1);

    Browser browser = scene.signedIn();
    browser.send(Form.in(browser.get("/gatehouse/logout")).submission());
    org.awaitility.Awaitility.await().until(() -> !scene.op().calls("revoke").isEmpty());

    OpCall revocation = scene.op().calls("revoke").get(0);
    assertThat(revocation.form("client_assertion")).isNotNull();
    assertThat(revocation.form("client_secret")).isNull();
    assertThat(revocation.header("Authorization")).isNull();
  }

  @Test
  @Rule("TH-TOK-4")
  void pushedRequestCarriesAnAssertionOfItsOwnAndOneClientId() {
    String pushing =
        configuration()
            .replace(
                "client-authentication:", "pushed-authorization: always\n  client-authentication:");
    try (Scene other = Scene.open(door, pushing)) {
      AssertionCheck known = knownBy(other, other.op().issuer());
      other.login(other.browser(), "/x").complete();

      OpCall push = other.op().calls("par").get(0);
      assertThat(push.form().values()).allSatisfy(values -> assertThat(values).hasSize(1));
      assertThat(push.form()).containsKeys("client_id", "client_assertion");
      assertThat(push.header("Authorization")).isNull();
      assertThat(known.accepted()).hasSize(2);
    }
  }

  @Test
  @Rule("TH-TOK-4")
  void opThatDoesNotKnowTheKeyGetsNobodyIn() {
    scene.op().client(AssertionCheck.byKeys(JWKSet::new, scene.op().issuer(), scene.clock()));
    Browser browser = scene.browser();

    assertRefused(scene.login(browser, "/x").comeBack(), 502);
    assertNoSession(browser);
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        Arguments.of(KeyFiles.rsa("r"), "", "PS256"),
        Arguments.of(KeyFiles.rsa("r"), "RS256", "RS256"),
        Arguments.of(KeyFiles.ec(Curve.P_384, "e3"), "", "ES384"),
        Arguments.of(KeyFiles.ec(Curve.P_521, "e5"), "ES512", "ES512"),
        Arguments.of(KeyFiles.ed25519("ed"), "", "EdDSA"));
  }

  @ParameterizedTest(name = "{2} asked as {1}")
  @MethodSource("keys")
  @Rule("TH-TOK-4")
  void keySignsByTheAlgorithmThatFits(JWK key, String asked, String used) {
    Path file = KeyFiles.write(folder.resolve(used + asked + ".jwk"), key.toJSONString());
    String algorithm = asked.isEmpty() ? "" : "  client-key-algorithm: " + asked + "\n";
    try (Scene other = Scene.open(door, BY_KEY.formatted(file) + algorithm)) {
      AssertionCheck known = knownBy(other, other.op().issuer());
      other.login(other.browser(), "/x").complete();

      assertThat(known.accepted()).hasSize(1);
      assertThat(known.accepted().get(0).getHeader().getAlgorithm().getName()).isEqualTo(used);
    }
  }

  @Test
  @Rule("TH-TOK-4")
  void audienceIsTheTokenEndpointOnlyWhereSoConfigured() {
    String changes = configuration() + "\n";
    try (Scene other =
        Scene.open(
            door,
            changes.replace(
                "client-authentication:",
                "client-assertion-audience: token-endpoint\n  client-authentication:"))) {
      AssertionCheck known = knownBy(other, other.op().issuer() + "/token");
      other.login(other.browser(), "/x").complete();

      assertThat(known.accepted()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"HS256, ''", "HS512, HS512"})
  @Rule("TH-TOK-4")
  void secretSignsTheAssertionButIsNotSent(String used, String asked) {
    String secret = "0123456789abcdef-0123456789abcdef-0123456789abcdef-0123456789abcdef";
    String changes =
        "provider: {client-authentication: client-secret-jwt, client-secret: "
            + secret
            + (asked.isEmpty() ? "" : ", client-key-algorithm: " + asked)
            + "}";
    try (Scene other = Scene.open(door, changes)) {
      AssertionCheck known = AssertionCheck.bySecret(secret, other.op().issuer(), other.clock());
      other.op().client(known);
      other.login(other.browser(), "/x").complete();

      assertThat(known.accepted()).hasSize(1);
      assertThat(known.accepted().get(0).getHeader().getAlgorithm().getName()).isEqualTo(used);
      assertThat(other.op().calls("token").get(0).everything()).doesNotContain(secret);
      assertThat(published(other).getKeys()).isEmpty();
    }
  }

  @Test
  @Rule("TH-CFG-11")
  @Rule("TH-QUIRK-14")
  void publicClientNamesItselfAndStillProvesTheCodeIsItsOwn() {
    String changes = "provider: {client-authentication: none, public-client: true}";
    try (Scene open = Scene.open(door, changes)) {
      open.op()
          .client(
              call ->
                  StubOp.CLIENT_ID.equals(call.form("client_id"))
                      && call.header("Authorization") == null);
      open.login(open.browser(), "/x").complete();

      OpCall call = open.op().calls("token").get(0);
      assertThat(call.form().keySet())
          .containsExactlyInAnyOrder(
              "grant_type", "code", "redirect_uri", "code_verifier", "client_id");
    }
  }
}
