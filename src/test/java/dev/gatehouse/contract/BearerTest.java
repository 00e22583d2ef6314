package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §9: access tokens in the Authorization header, judged by signature. */
@OverHttp2
class BearerTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        bearer: {audience: https://api.example, validation: jwt}
        rules:
          - {path: /api/admin/**, access: bearer, scopes: [admin]}
          - {path: /api/**, access: bearer, scopes: [read]}
          - {path: /both/**, access: login-or-bearer}
          - {path: /recent/**, access: login-or-bearer, max-age: 5m}
        """;
  }

  private static TokenRecipe jwt() {
    return TokenRecipe.correct().header("typ", "at+jwt").claim("scope", "read");
  }

  private String token(TokenRecipe recipe) {
    return scene.op().accessToken(recipe, Map.of());
  }

  private Reply ask(String path, String... authorization) {
    return ask(scene.browser(), path, authorization);
  }

  private static Reply ask(Browser browser, String path, String... authorization) {
    Ask ask = Ask.get(path).kind(Ask.Kind.XHR);
    for (String value : authorization) {
      ask = ask.header("Authorization", value);
    }
    return browser.send(ask);
  }

  @Test
  @Rule("TH-BEAR-21")
  void aGoodTokenReachesTheAppAsItsUserAndStaysHere() {
    String token = token(jwt());

    assertThat(App.made(ask("/api/x", "Bearer " + token))).isTrue();

    assertThat(scene.app().only().header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(scene.app().only().everything()).doesNotContain(token);
  }

  @Test
  @Rule("TH-BEAR-2")
  void withoutATokenTheChallengeNamesNoErrorAndNoLogin() {
    Reply reply = scene.browser().get("/api/x");

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer realm=").doesNotContain("err");
    assertThat(reply.header("Location")).isNull();
    assertAppUnreached();
  }

  static Stream<Arguments> badTokens() {
    return Stream.of(
        Arguments.of("other audience", jwt().claim("aud", "https://other.example")),
        Arguments.of("client id as audience", jwt().claim("aud", "gw")),
        Arguments.of("no audience", jwt().claim("aud", null)),
        Arguments.of("other issuer", jwt().claim("iss", "https://evil.example")),
        Arguments.of("expired", jwt().claim("exp", 1)),
        Arguments.of("no exp", jwt().claim("exp", null)),
        Arguments.of("no sub", jwt().claim("sub", null)),
        Arguments.of("plain JWT", jwt().header("typ", "JWT")),
        Arguments.of("logout token", jwt().header("typ", "logout+jwt")),
        Arguments.of("alg none", jwt().unsecured("none")),
        Arguments.of("attacker's key", jwt().signedByAttacker()),
        Arguments.of("HMAC with the public key", jwt().hmacWithPublicKeyPem()),
        Arguments.of("changed after signing", jwt().changedAfterSigning("scope", "admin")),
        Arguments.of("bound to a key", jwt().claim("cnf", Map.of("jkt", "x"))),
        Arguments.of("not a token", jwt().literal("abc.def.ghi")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTokens")
  @Rule("TH-BEAR-3")
  @Rule("TH-BEAR-5")
  @Rule("TH-BEAR-7")
  @Rule("TH-BEAR-17")
  @Rule("TH-BEAR-20")
  void aBadTokenIsInvalidAndNothingElseIsSaid(String what, TokenRecipe recipe) {
    assertThat(App.made(ask("/api/x", "Bearer " + token(jwt())))).isTrue();
    scene.app().forget();

    Reply reply = ask("/api/x", "Bearer " + token(recipe));

    assertThat(reply.status()).as("%s", reply).isEqualTo(401);
    assertThat(reply.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    assertAppUnreached();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Bearer", "Bearer ", "Bearer T,U", "Bearer a b", "Bearer \"x\"", "bearer;x"})
  @Rule("TH-BEAR-1")
  void whatBreaksTheGrammarIsABadRequest(String value) {
    Reply reply = ask("/api/x", value);

    assertThat(reply.status()).as("%s", reply).isEqualTo(400);
    assertThat(reply.header("WWW-Authenticate")).contains("error=\"invalid_request\"");
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-1")
  void twoTokensAreNoToken() {
    String good = "Bearer " + token(jwt());
    assertThat(App.made(ask("/api/x", "bEaReR " + token(jwt())))).isTrue();
    scene.app().forget();

    assertThat(ask("/api/x", good, good).status()).isEqualTo(400);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-8")
  @Rule("TH-BEAR-14")
  void scopesAreJudgedByRouteAndCompareExactly() {
    String reader = "Bearer " + token(jwt().claim("scope", "read administrator"));
    assertThat(App.made(ask("/api/x", reader))).isTrue();
    scene.app().forget();

    Reply reply = ask("/api/admin/x", reader);

    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.header("WWW-Authenticate"))
        .contains("error=\"insufficient_scope\"")
        .contains("scope=\"admin\"");
    assertAppUnreached();
    String admin = "Bearer " + token(jwt().claim("scope", "read admin"));
    assertThat(App.made(ask("/api/admin/x", admin))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-4")
  void aBadTokenIsNotMendedByAGoodSession() {
    Browser browser = scene.signedIn();
    assertThat(App.made(ask(browser, "/both/x"))).isTrue();
    assertThat(App.made(ask("/both/x", "Bearer " + token(jwt())))).isTrue();
    scene.app().forget();

    Reply reply = ask(browser, "/both/x", "Bearer " + token(jwt().signedByAttacker()));

    assertThat(reply.status()).isEqualTo(401);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-LEAK-1")
  void aTokenInTheUrlOrTheFormIsNoCredential() {
    String token = token(jwt());
    scene.app().forget();

    assertThat(ask("/api/x?access_token=" + token).status()).isEqualTo(400);
    Reply form = scene.browser().send(Ask.form("/api/x", Map.of("access_token", token)));
    assertThat(form.status()).isIn(400, 401);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-5")
  void aTokenThatWasGoodEndsWithItsTime() {
    String token = "Bearer " + token(jwt());
    assertThat(App.made(ask("/api/x", token))).isTrue();
    scene.app().forget();

    scene.clock().pass(Duration.ofSeconds(400));

    assertThat(ask("/api/x", token).status()).isEqualTo(401);
    assertAppUnreached();
  }

  @Test
  void aGoodTokenIsVerifiedOnce() {
    String token = "Bearer " + token(jwt());
    scene.op().forgetCalls();
    for (int i = 0; i < 20; i++) {
      assertThat(App.made(ask("/api/x", token))).isTrue();
    }
    assertThat(scene.op().calls()).isEqualTo(List.of());
  }

  @Test
  @Rule("TH-AUTHZ-14")
  void aTokenOfAnOldLoginDoesNotPassWhereARecentOneIsWanted() {
    long now = scene.clock().instant().getEpochSecond();
    String recent = token(jwt().claim("auth_time", now - 200));
    assertThat(App.made(ask("/recent/x", "Bearer " + recent))).isTrue();
    scene.app().forget();

    for (Object authTime : new Object[] {now - 400, now + 400, "" + now, null}) {
      Reply reply = ask("/recent/x", "Bearer " + token(jwt().claim("auth_time", authTime)));

      assertThat(reply.status()).as("%s", authTime).isEqualTo(401);
      assertThat(reply.header("WWW-Authenticate"))
          .contains("error=\"insufficient_user_authentication\"")
          .contains("max_age=300");
      assertAppUnreached();
    }
    scene.clock().pass(Duration.ofSeconds(101));
    assertThat(ask("/recent/x", "Bearer " + recent).status()).isEqualTo(401);
  }
}
