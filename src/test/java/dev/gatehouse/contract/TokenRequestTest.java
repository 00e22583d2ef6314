package dev.gatehouse.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Threat catalogue §5: the token request and what the OP makes of it. */
class TokenRequestTest extends ContractTest {
  private LoginAttempt attempt() {
    return scene.login(scene.browser(), "/x");
  }

  @Test
  @Rule("TH-TOK-1")
  @Rule("TH-TOK-2")
  @Rule("TH-TOK-3")
  void isAFormPostWithBasicAuthenticationAndNothingInItsUrl() {
    LoginAttempt attempt = attempt().complete();

    assertThat(scene.op().calls("token")).hasSize(1);
    OpCall call = scene.op().calls("token").get(0);
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.target()).isEqualTo("/token");
    assertThat(call.header("Content-Type")).startsWith("application/x-www-form-urlencoded");
    assertThat(call.form().values()).allSatisfy(values -> assertThat(values).hasSize(1));
    assertThat(call.form().keySet())
        .containsExactlyInAnyOrder("grant_type", "code", "redirect_uri", "code_verifier");
    assertThat(call.form("grant_type")).isEqualTo("authorization_code");
    assertThat(call.form("code")).isEqualTo(attempt.code());
    assertThat(call.form("redirect_uri")).isEqualTo(attempt.request("redirect_uri"));
    String basic = call.header("Authorization").replaceFirst("^Basic ", "");
    assertThat(new String(Base64.getDecoder().decode(basic), UTF_8))
        .isEqualTo("gw:s3cr3t%3Aof%2520the%2Bclient%3D0123456789abcdef");
  }

  @Test
  @Rule("TH-TOK-3")
  void secretGoesIntoTheFormOnlyWhereSoConfigured() {
    String changes = "provider: {client-authentication: client-secret-post}";
    try (Scene post = Scene.open(door, changes)) {
      post.login(post.browser(), "/x").complete();

      OpCall call = post.op().calls("token").get(0);
      assertThat(call.header("Authorization")).isNull();
      assertThat(call.form("client_id")).isEqualTo(StubOp.CLIENT_ID);
      assertThat(call.form("client_secret")).isEqualTo(StubOp.CLIENT_SECRET);
    }
  }

  static Stream<Arguments> unacceptable() {
    return Stream.of(
        Arguments.of("error at 200", Fault.none().text("{\"error\":\"bad\"}"), 502),
        Arguments.of("invalid_client", error(401, "invalid_client"), 502),
        Arguments.of("invalid_grant", error(400, "invalid_grant"), 400),
        Arguments.of("server_error", error(500, "server_error"), 502),
        Arguments.of("201", Fault.none().status(201), 502),
        Arguments.of("mac token", Fault.none().member("token_type", "mac"), 502),
        Arguments.of("no token type", Fault.none().member("token_type", null), 502),
        Arguments.of("no access token", Fault.none().member("access_token", null), 502),
        Arguments.of("empty access token", Fault.none().member("access_token", ""), 502),
        Arguments.of("numeric access token", Fault.none().member("access_token", 1), 502),
        Arguments.of("no ID token", Fault.none().member("id_token", null), 502),
        Arguments.of("ID token as a list", Fault.none().member("id_token", List.of("x")), 502));
  }

  private static Fault error(int status, String code) {
    return Fault.none().status(status).text("{\"error\":\"" + code + "\"}");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unacceptable")
  @Rule("TH-TOK-5")
  @Rule("TH-TOK-7")
  @Rule("TH-TOK-8")
  @Rule("TH-IDT-1")
  void unacceptableAnswerMakesNoSession(String what, Fault fault, int status) {
    LoginAttempt attempt = attempt().plan(Plan.honest().token(fault));
    Reply reply = attempt.comeBack();

    assertRefused(reply, status);
    assertNoSession(attempt.browser());
    assertThat(scene.op().calls("token")).hasSize(1);
  }

  static Stream<Arguments> acceptable() {
    return Stream.of(
        Arguments.of("BEARER", Fault.none().member("token_type", "BEARER")),
        Arguments.of("bearer", Fault.none().member("token_type", "bearer")),
        Arguments.of("unknown members", Fault.none().member("foo", Map.of("a", List.of(1)))),
        Arguments.of("charset", Fault.none().contentType("application/json;charset=UTF-8")),
        Arguments.of("no expires_in", Fault.none().member("expires_in", null)),
        Arguments.of("no refresh token", Fault.none().member("refresh_token", null)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("acceptable")
  @Rule("TH-TOK-8")
  @Rule("TH-QUIRK-11")
  void harmlessVariationLogsIn(String what, Fault fault) {
    LoginAttempt attempt = attempt().plan(Plan.honest().token(fault)).complete();

    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @Rule("TH-TOK-9")
  @Rule("TH-SEC-7")
  void errorTextOfTheOpIsNeitherShownNorBreaksALogLine() {
    Fault fault =
        Fault.none()
            .status(400)
            .text("{\"error\":\"x\",\"error_description\":\"xyzzy\\r\\nFAKE LINE\\u001b[31m\"}");
    Reply reply = attempt().plan(Plan.honest().token(fault)).comeBack();

    assertThat(reply.status()).isIn(400, 502);
    assertThat(reply.whole()).doesNotContain("xyzzy");
    assertThat(LeakWatch.lines())
        .filteredOn(line -> line.contains(" dev.gatehouse."))
        .noneMatch(line -> line.contains("\nFAKE") || line.contains("\u001b"));
  }

  @Test
  @Rule("TH-TOK-11")
  @Rule("TH-SES-6")
  void appSeesNoTokenAndNoCookieOfTheGateway() {
    Browser user = scene.signedIn().cookie("own", "cookie-of-the-app");
    scene.userSeen(user, "/x");

    String seen = scene.app().only().everything();
    assertThat(seen).contains("own=cookie-of-the-app").doesNotContain("gh_");
    LeakWatch.assertNoSecret(seen);
  }
}
