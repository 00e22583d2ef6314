package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** JWTs that do not say that they are access tokens, at an OP for which that is switched on. */
class PlainAccessTokenTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        provider: {plain-access-tokens: true}
        bearer: {audience: https://api.example, validation: jwt}
        rules:
          - {path: /api/**, access: bearer, scopes: [read]}
        """;
  }

  /** As Keycloak makes them. */
  private static TokenRecipe plain() {
    return TokenRecipe.correct()
        .claim("client_id", null)
        .claim("azp", "some-client")
        .claim("typ", "Bearer")
        .claim("scope", "read");
  }

  private Reply ask(TokenRecipe recipe) {
    String token = scene.op().accessToken(recipe, Map.of());
    return scene
        .browser()
        .send(Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token));
  }

  static Stream<Arguments> access() {
    return Stream.of(
        change("Keycloak", t -> t),
        change("no typ", t -> t.header("typ", null)),
        change("application/jwt", t -> t.header("typ", "application/jwt")),
        change("Cognito", t -> t.claim("typ", null).claim("token_use", "access")),
        change("Entra", t -> t.claim("typ", null).claim("scope", null).claim("scp", "read x")),
        change("Okta", t -> t.claim("scope", null).claim("scp", List.of("read", "x"))),
        change("no kind", t -> t.claim("typ", null)),
        change("RFC 9068", t -> t.header("typ", "at+jwt").claim("client_id", "c")));
  }

  static Stream<Arguments> others() {
    return Stream.of(
        change("nonce", t -> t.claim("nonce", "n")),
        change("at_hash", t -> t.claim("at_hash", "h")),
        change("c_hash", t -> t.claim("c_hash", "h")),
        change("s_hash", t -> t.claim("s_hash", "h")),
        change("null nonce", t -> t.repeatedMember("\"nonce\":null")),
        change("Keycloak's ID token", t -> t.claim("typ", "ID")),
        change("Keycloak's refresh token", t -> t.claim("typ", "Refresh")),
        change("Keycloak's offline token", t -> t.claim("typ", "Offline")),
        change("Keycloak's logout token", t -> t.claim("typ", "Logout")),
        change("Cognito's ID token", t -> t.claim("token_use", "id")),
        change("kind as a list", t -> t.claim("token_use", List.of("access", "id"))),
        change("event", t -> t.claim("events", Map.of("x", Map.of()))),
        change("DPoP proof", t -> t.claim("htm", "GET")),
        change("introspection", t -> t.claim("token_introspection", Map.of("active", true))),
        change("logout+jwt", t -> t.header("typ", "logout+jwt")),
        change("dpop+jwt", t -> t.header("typ", "dpop+jwt")),
        change("introspection typ", t -> t.header("typ", "token-introspection+jwt")),
        change("secevent+jwt", t -> t.header("typ", "secevent+jwt")),
        change("typ as a number", t -> t.header("typ", 1)),
        change("typ as a list", t -> t.header("typ", List.of("JWT"))),
        change("other audience", t -> t.claim("aud", "gw")),
        change("no audience", t -> t.claim("aud", null)),
        change("audience as a number", t -> t.claim("aud", 7)),
        change("number among audiences", t -> t.claim("aud", List.of("https://api.example", 7))),
        change("no exp", t -> t.claim("exp", null)),
        change("no sub", t -> t.claim("sub", null)),
        change("attacker's key", TokenRecipe::signedByAttacker));
  }

  private static Arguments change(String what, UnaryOperator<TokenRecipe> change) {
    return Arguments.of(what, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("access")
  @Rule("TH-BEAR-6")
  void anAccessTokenOfThatOpIsGood(String what, UnaryOperator<TokenRecipe> change) {
    Reply reply = ask(change.apply(plain()));

    assertThat(App.made(reply)).as("%s", reply).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("others")
  @Rule("TH-BEAR-6")
  @Rule("TH-BEAR-20")
  void whatBearsTheMarkOfAnotherKindIsNone(String what, UnaryOperator<TokenRecipe> change) {
    assertThat(App.made(ask(plain()))).isTrue();
    scene.app().forget();

    assertThat(ask(change.apply(plain())).status()).isEqualTo(401);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-8")
  void whatIsNoTextAndNoListGrantsNothing() {
    assertThat(ask(plain().claim("scope", null).claim("scp", "read")).status()).isEqualTo(200);
    assertThat(ask(plain().claim("scope", null).claim("scp", 7)).status()).isEqualTo(403);
    assertThat(ask(plain().claim("scope", null).claim("scp", List.of("read x"))).status())
        .isEqualTo(403);
    assertThat(ask(plain().claim("scope", "").claim("scp", "read")).status()).isEqualTo(403);
    assertThat(ask(plain().claim("scope", List.of("read"))).status()).isEqualTo(403);
  }
}
