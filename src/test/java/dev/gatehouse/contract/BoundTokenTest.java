package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.DpopClient;
import dev.gatehouse.testkit.Json;
import dev.gatehouse.testkit.OpKeys;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §9: access tokens that are bound to a key of their client (RFC 9449). */
class BoundTokenTest extends ContractTest {
  private static final String URL = Scene.PUBLIC_URL + "/api/x";

  private DpopClient client;
  private String token;

  @Override
  protected String configuration() {
    return """
        bearer: {audience: https://api.example, validation: jwt}
        rules:
          - {path: /api/**, access: bearer, scopes: [read]}
          - {path: /both/**, access: login-or-bearer}
        """;
  }

  @BeforeEach
  void bind() {
    client = DpopClient.es256(scene.clock());
    token = boundTo(client.thumbprint());
  }

  private String boundTo(String thumbprint) {
    return plain(Map.of("cnf", Map.of("jkt", thumbprint)));
  }

  private String plain(Map<String, Object> more) {
    TokenRecipe recipe = TokenRecipe.correct().header("typ", "at+jwt").claim("scope", "read");
    return scene.op().accessToken(recipe, more);
  }

  private DpopClient.Proof proof() {
    return client.proof("GET", URL, token);
  }

  private Reply ask(String scheme, String accessToken, String... proofs) {
    return askAt("/api/x", scheme, accessToken, proofs);
  }

  private Reply askAt(String path, String scheme, String accessToken, String... proofs) {
    Ask ask = Ask.get(path).kind(Ask.Kind.XHR).header("Authorization", scheme + " " + accessToken);
    for (String proof : proofs) {
      ask = ask.header("DPoP", proof);
    }
    return scene.browser().send(ask);
  }

  private void assertUnproven(Reply reply, String error) {
    assertThat(reply.status()).as("%s", reply).isEqualTo(401);
    assertThat(reply.header("WWW-Authenticate"))
        .startsWith("DPoP ")
        .contains("error=\"" + error + "\"")
        .contains("algs=\"ES256 ");
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-18")
  @Rule("TH-BEAR-21")
  void aProvenTokenReachesTheAppAsItsUserAndStaysHereWithItsProof() {
    String proof = proof().compact();

    assertThat(App.made(ask("DPoP", token, proof))).isTrue();

    assertThat(scene.app().only().header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(scene.app().only().everything()).doesNotContain(token).doesNotContain(proof);
  }

  static Stream<Arguments> flaws() {
    return Stream.of(
        flaw("other method", p -> p.claim("htm", "POST")),
        flaw("method in lower case", p -> p.claim("htm", "get")),
        flaw("no method", p -> p.claim("htm", null)),
        flaw("internal host", p -> p.claim("htu", "http://127.0.0.1/api/x")),
        flaw("other host", p -> p.claim("htu", "https://evil.example/api/x")),
        flaw("http", p -> p.claim("htu", "http://app.example/api/x")),
        flaw("other port", p -> p.claim("htu", "https://app.example:8443/api/x")),
        flaw("other path", p -> p.claim("htu", "https://app.example/api/y")),
        flaw("path with a slash", p -> p.claim("htu", URL + "/")),
        flaw("path in upper case", p -> p.claim("htu", "https://app.example/API/x")),
        flaw("path alone", p -> p.claim("htu", "/api/x")),
        flaw("query", p -> p.claim("htu", URL + "?a=1")),
        flaw("fragment", p -> p.claim("htu", URL + "#a")),
        flaw("user information", p -> p.claim("htu", "https://a@app.example/api/x")),
        flaw("no URL", p -> p.claim("htu", null)),
        flaw("list of URLs", p -> p.claim("htu", List.of(URL))),
        flaw("too old", p -> p.madeAfter(-61)),
        flaw("from the future", p -> p.madeAfter(61)),
        flaw("no time", p -> p.claim("iat", null)),
        flaw("time as text", p -> p.claim("iat", "1900000000")),
        flaw("expired", p -> p.claim("exp", 1)),
        flaw("no id", p -> p.claim("jti", null)),
        flaw("empty id", p -> p.claim("jti", "")),
        flaw("number as id", p -> p.claim("jti", 7)),
        flaw("very long id", p -> p.claim("jti", "x".repeat(600))),
        flaw("other token", p -> p.claim("ath", "x".repeat(43))),
        flaw("no token", p -> p.claim("ath", null)),
        flaw("plain JWT", p -> p.header("typ", "JWT")),
        flaw("no type", p -> p.header("typ", null)),
        flaw("access token", p -> p.header("typ", "at+jwt")),
        flaw("type in upper case", p -> p.header("typ", "DPOP+JWT")),
        flaw("alg none", p -> p.header("alg", "none").signature(new byte[0])),
        flaw("no signature", p -> p.signature(new byte[0])),
        flaw("zero signature", p -> p.signature(new byte[64])),
        flaw("symmetric", p -> p.mac(new byte[32])),
        flaw("no key", p -> p.header("jwk", null)),
        flaw("key as text", p -> p.header("jwk", "key")),
        flaw("key without a point", p -> p.header("jwk", Map.of("kty", "EC", "crv", "P-256"))),
        flaw("symmetric key", p -> p.header("jwk", Map.of("kty", "oct", "k", "AAAA"))),
        flaw("unknown extension", p -> p.header("crit", List.of("b64"))),
        flaw("unencoded payload", p -> p.header("b64", false)));
  }

  private static Arguments flaw(String what, UnaryOperator<DpopClient.Proof> change) {
    return Arguments.of(what, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("flaws")
  @Rule("TH-BEAR-18")
  void aFlawedProofIsNone(String what, UnaryOperator<DpopClient.Proof> change) {
    assertThat(App.made(ask("DPoP", token, proof().compact()))).isTrue();
    scene.app().forget();

    assertUnproven(ask("DPoP", token, change.apply(proof()).compact()), "invalid_dpop_proof");
  }

  @Test
  @Rule("TH-BEAR-18")
  void aProofThatShowsItsPrivateKeyIsNone() {
    Map<String, Object> whole = client.key().toJSONObject();

    assertUnproven(
        ask("DPoP", token, proof().header("jwk", whole).compact()), "invalid_dpop_proof");
  }

  @Test
  @Rule("TH-BEAR-17")
  @Rule("TH-BEAR-18")
  void theKeyHasToBeTheOneOfTheToken() {
    DpopClient thief = DpopClient.es256(scene.clock());

    assertUnproven(ask("DPoP", token, thief.proof("GET", URL, token).compact()), "invalid_token");
    assertUnproven(ask("DPoP", token, proof().signedBy(thief).compact()), "invalid_dpop_proof");
    assertThat(App.made(ask("DPoP", token, proof().compact()))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-18")
  void aProofIsGoodOnce() {
    scene.clock().stand();
    String proof = proof().compact();
    assertThat(App.made(ask("DPoP", token, proof))).isTrue();
    scene.app().forget();

    assertUnproven(ask("DPoP", token, proof), "invalid_dpop_proof");
    scene.clock().pass(Duration.ofSeconds(59));
    assertUnproven(ask("DPoP", token, proof), "invalid_dpop_proof");
    scene.clock().pass(Duration.ofSeconds(2));
    assertUnproven(ask("DPoP", token, proof), "invalid_dpop_proof");
    assertThat(App.made(ask("DPoP", token, proof().compact()))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-18")
  void thereIsOneProof() {
    assertThat(App.made(ask("DPoP", token, proof().compact()))).isTrue();
    scene.app().forget();

    assertUnproven(ask("DPoP", token), "invalid_dpop_proof");
    assertUnproven(ask("DPoP", token, proof().compact(), proof().compact()), "invalid_dpop_proof");
    assertUnproven(
        ask("DPoP", token, proof().compact() + ", " + proof().compact()), "invalid_dpop_proof");
  }

  @Test
  @Rule("TH-BEAR-17")
  void aBoundTokenIsNoBearerToken() {
    assertThat(App.made(ask("DPoP", token, proof().compact()))).isTrue();
    scene.app().forget();

    for (Reply reply : List.of(ask("Bearer", token), ask("Bearer", token, proof().compact()))) {
      assertThat(reply.status()).as("%s", reply).isEqualTo(401);
      assertThat(reply.header("WWW-Authenticate"))
          .startsWith("Bearer ")
          .contains("error=\"invalid_token\"");
    }
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-17")
  void aPlainTokenGainsNothingByAProof() {
    String unbound = plain(Map.of());
    assertThat(App.made(ask("Bearer", unbound))).isTrue();
    scene.app().forget();

    Reply reply = ask("DPoP", unbound, client.proof("GET", URL, unbound).compact());

    assertUnproven(reply, "invalid_token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTPS://APP.EXAMPLE/api/x",
        "https://app.example:443/api/x",
        "https://app.example/ap%69/x",
        "https://app.example/api/./x",
        "https://app.example/no/../api/x"
      })
  @Rule("TH-BEAR-18")
  void otherSpellingsOfTheUrlAreTheSameUrl(String url) {
    assertThat(App.made(ask("DPoP", token, proof().claim("htu", url).compact()))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-18")
  void theQueryOfTheRequestIsNoPartOfTheProof() {
    assertThat(App.made(askAt("/api/x?a=1&b=2", "DPoP", token, proof().compact()))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-18")
  void aProofOfTheEdgeOfTheWindowIsTaken() {
    assertThat(App.made(ask("DPoP", token, proof().madeAfter(-59).compact()))).isTrue();
    assertThat(App.made(ask("DPoP", token, proof().madeAfter(60).compact()))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-18")
  void proofsOfOtherKindsOfKeysAreTaken() {
    client = DpopClient.rsa(OpKeys.rsa("any"), JWSAlgorithm.PS256, scene.clock());
    token = boundTo(client.thumbprint());

    assertThat(App.made(ask("DPoP", token, proof().compact()))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jkt\":\"x\"}",
        "{\"jwk\":{\"kty\":\"EC\"}}",
        "{\"kid\":\"1\"}",
        "{}",
        "\"text\"",
        "[]",
        "{\"jkt\":7}"
      })
  @Rule("TH-BEAR-17")
  void whatNobodyCanProveHereIsRefused(String cnf) {
    String strange = plain(Map.of("cnf", Json.value(cnf)));

    assertThat(ask("Bearer", strange).status()).isEqualTo(401);
    assertUnproven(
        ask("DPoP", strange, client.proof("GET", URL, strange).compact()), "invalid_token");
  }

  @Test
  @Rule("TH-BEAR-2")
  @Rule("TH-BEAR-18")
  void theChallengeOffersBothSchemes() {
    Reply reply = scene.browser().get("/api/x");

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.headers("WWW-Authenticate")).hasSize(2);
    assertThat(reply.headers("WWW-Authenticate").get(0)).startsWith("Bearer realm=");
    assertThat(reply.headers("WWW-Authenticate").get(1))
        .startsWith("DPoP realm=")
        .contains("algs=\"");
    assertThat(reply.headers("WWW-Authenticate")).noneMatch(c -> c.contains("error="));
    assertThat(reply.headers("WWW-Authenticate")).allMatch(c -> c.contains("scope=\"read\""));
  }

  @Test
  @Rule("TH-BEAR-4")
  void aBadProofIsNotMendedByAGoodSession() {
    var browser = scene.signedIn();
    scene.app().forget();
    Ask ask =
        Ask.get("/both/x")
            .kind(Ask.Kind.XHR)
            .header("Authorization", "DPoP " + token)
            .header("DPoP", "no.such.proof");

    assertThat(browser.send(ask).status()).isEqualTo(401);
    assertAppUnreached();
  }
}
