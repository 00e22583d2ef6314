package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.EachDoor;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;

/** Logins by preset at an imitation of each provider: only where it is has been changed. */
class PresetFlowsTest {
  private static final String ENDPOINTS =
      """
        scopes: null
        authorization-endpoint: "{op}/authorize?fixed=1"
        token-endpoint: "{op}/token"
        userinfo-endpoint: "{op}/userinfo"
      """;

  private static String oauth(String preset) {
    return "provider:\n  preset: " + preset + "\n" + ENDPOINTS;
  }

  private static Plan plan(Fault token, String userinfo) {
    return Plan.honest()
        .token(token.member("id_token", null))
        .userinfo(Fault.none().text(userinfo));
  }

  private static void assertSecretInFormAlone(Scene scene) {
    OpCall call = scene.op().calls("token").get(0);
    assertThat(call.header("Authorization")).isNull();
    assertThat(call.form("client_secret")).isEqualTo(StubOp.CLIENT_SECRET);
    assertThat(call.form("code_verifier")).isNotNull();
    assertThat(call.target()).isEqualTo("/token");
  }

  @ParameterizedTest
  @EachDoor
  @Rule("TH-QUIRK-7")
  void github(DoorKind door) {
    try (Scene scene = Scene.open(door, oauth("github"))) {
      Browser browser = scene.browser();
      LoginAttempt attempt = scene.login(browser, "/x");
      assertThat(attempt.request("scope")).isEqualTo("read:user");
      Fault token =
          Fault.none()
              .member("token_type", "bearer")
              .member("scope", "read:user")
              .member("expires_in", null);
      String user =
          """
          {"login":"octocat","id":583231,"name":"The Octocat","email":null,
           "avatar_url":"https://avatars.example/u/583231"}""";
      attempt.plan(plan(token, user).answer("code", "0123456789abcdef0123")).complete();

      assertThat(scene.userSeen(browser, "/x")).isEqualTo("583231");
      assertThat(scene.app().only().header("X-Gatehouse-Name")).isEqualTo("The Octocat");
      assertThat(scene.app().only().header("X-Gatehouse-Email")).isNull();
      assertSecretInFormAlone(scene);
      assertThat(scene.op().calls("token").get(0).header("Accept")).isEqualTo("application/json");
      assertThat(scene.op().calls("userinfo").get(0).header("User-Agent")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EachDoor
  @Rule("TH-QUIRK-2")
  @Rule("TH-QUIRK-7")
  void facebook(DoorKind door) {
    try (Scene scene = Scene.open(door, oauth("facebook"))) {
      Browser browser = scene.browser();
      LoginAttempt attempt = scene.login(browser, "/x");
      assertThat(attempt.request("fixed")).isEqualTo("1");
      Fault token = Fault.none().member("token_type", "bearer").member("expires_in", 5183944);
      String user = "{\"id\":\"10158\",\"name\":\"Dal\",\"email\":\"dal@example.com\"}";
      attempt.plan(plan(token, user).fragment("_=_"));
      assertThat(attempt.comeBack().location()).endsWith("/x#");

      assertThat(scene.userSeen(browser, "/x")).isEqualTo("10158");
      assertThat(scene.app().only().header("X-Gatehouse-Email")).isEqualTo("dal@example.com");
      assertSecretInFormAlone(scene);
    }
  }

  @ParameterizedTest
  @EachDoor
  @Rule("TH-QUIRK-4")
  @Rule("TH-QUIRK-7")
  @Rule("TH-QUIRK-10")
  void naver(DoorKind door) {
    try (Scene scene = Scene.open(door, oauth("naver"))) {
      Browser browser = scene.browser();
      LoginAttempt attempt = scene.login(browser, "/x");
      assertThat(attempt.request()).doesNotContainKey("scope");
      Fault token = Fault.none().member("token_type", "bearer").member("expires_in", "3600");
      String user =
          """
          {"resultcode":"00","message":"success",
           "response":{"id":"32742776","nickname":"OpenAPI","name":"달","email":"d@naver.example"}}""";
      attempt.plan(plan(token, user)).complete();
      assertThat(scene.userSeen(browser, "/x")).isEqualTo("32742776");
      assertSecretInFormAlone(scene);

      LoginAttempt failed = scene.login(scene.browser(), "/x");
      failed.plan(
          plan(
              Fault.none(),
              "{\"resultcode\":\"024\",\"message\":\"x\",\"response\":{\"id\":\"1\"}}"));
      assertThat(failed.comeBack().status()).isEqualTo(502);
    }
  }

  @ParameterizedTest
  @EachDoor
  void kakao(DoorKind door) {
    String changes = "provider: {preset: kakao, scopes: null}";
    try (Scene scene = Scene.open(door, changes)) {
      Browser browser = scene.browser();
      LoginAttempt attempt = scene.login(browser, "/x");
      assertThat(attempt.request("scope")).isEqualTo("openid");
      assertThat(attempt.request()).containsKey("nonce");
      attempt.plan(Plan.honest().claim("sub", "4711000815")).complete();

      assertThat(scene.userSeen(browser, "/x")).isEqualTo("4711000815");
      assertSecretInFormAlone(scene);
    }
  }

  @ParameterizedTest
  @EachDoor
  @Rule("TH-QUIRK-7")
  @Rule("TH-IDT-16")
  void kakaoWithoutOpenIdConnect(DoorKind door) {
    String changes =
        oauth("kakao").replace("null", "[account_email]")
            + """
              userinfo-claims: {sub: /id, name: /kakao_account/profile/nickname,
                email: /kakao_account/email, email_verified: /kakao_account/is_email_verified}
            rules:
              - {path: /mail/**, access: login, require: {email: dal@example.com}}
            """;
    try (Scene scene = Scene.open(door, changes)) {
      String user =
          """
          {"id":123456789,"connected_at":"2026-01-01T00:00:00Z","kakao_account":{
           "profile":{"nickname":"달"},"is_email_valid":true,"is_email_verified":%s,
           "email":"dal@example.com"}}""";
      Fault token = Fault.none().member("token_type", "bearer").member("scope", "account_email");
      Browser verified = scene.browser();
      scene.login(verified, "/x").plan(plan(token, user.formatted("true"))).complete();
      assertThat(scene.userSeen(verified, "/mail/x")).isEqualTo("123456789");

      Browser unverified = scene.browser();
      scene.login(unverified, "/x").plan(plan(token, user.formatted("false"))).complete();
      assertThat(unverified.get("/mail/x").status()).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @EachDoor
  @Rule("TH-IDT-2")
  void line(DoorKind door) {
    String changes = "provider: {preset: line, scopes: null}";
    try (Scene scene =
        Scene.open(
            door,
            changes,
            op -> op.metadata("id_token_signing_alg_values_supported", List.of("ES256")))) {
      TokenRecipe signed = TokenRecipe.correct().hmacWithClientSecret(StubOp.CLIENT_SECRET);
      Browser browser = scene.browser();
      LoginAttempt attempt = scene.login(browser, "/x");
      assertThat(attempt.request("scope")).isEqualTo("openid profile");
      attempt.plan(Plan.honest().user(Map.of("sub", "U4af4980629")).idToken(signed)).complete();
      assertThat(scene.userSeen(browser, "/x")).isEqualTo("U4af4980629");
      assertSecretInFormAlone(scene);

      for (TokenRecipe wrong :
          List.of(
              TokenRecipe.correct(),
              TokenRecipe.correct().hmacWithPublicKeyPem(),
              TokenRecipe.correct().hmacWithClientSecret("another-secret-0123456789abcdef!"),
              TokenRecipe.correct().unsecured("none"))) {
        LoginAttempt refused = scene.login(scene.browser(), "/x");
        assertThat(refused.plan(Plan.honest().idToken(wrong)).comeBack().status()).isEqualTo(502);
      }
    }
  }
}
