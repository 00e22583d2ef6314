package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that the OP wants to have pushed (RFC 9126). */
class PushedRequestTest extends ContractTest {
  @Override
  protected void provider(StubOp op) {
    op.metadata("require_pushed_authorization_requests", true);
  }

  @Override
  protected String configuration() {
    return """
        provider: {resource: [https://a.example/api, https://b.example/api]}
        backchannel: {deadline: 4s}
        """;
  }

  @Test
  @Rule("TH-AUTHZ-11")
  @Rule("TH-AUTHZ-8")
  void onlyTheReferenceTravelsThroughTheBrowser() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x?secret=1");

    assertThat(attempt.start().locationQuery().keySet())
        .containsExactlyInAnyOrder("client_id", "request_uri");
    assertThat(attempt.start().location()).endsWith("#");
    attempt.complete();
    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @Rule("TH-AUTHZ-11")
  @Rule("TH-AUTHZ-1")
  @Rule("TH-AUTHZ-14")
  void allParametersArePushedOnceByTheAuthenticatedClient() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");

    OpCall push = scene.op().calls("par").get(0);
    assertThat(scene.op().calls("par")).hasSize(1);
    assertThat(push.method()).isEqualTo("POST");
    assertThat(push.target()).isEqualTo("/par");
    assertThat(push.header("Authorization")).startsWith("Basic ");
    assertThat(push.form().keySet())
        .containsExactlyInAnyOrder(
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "resource");
    assertThat(push.form().get("resource"))
        .containsExactly("https://a.example/api", "https://b.example/api");
    for (Map.Entry<String, List<String>> parameter : push.form().entrySet()) {
      assertThat(parameter.getValue())
          .as(parameter.getKey())
          .hasSize(parameter.getKey().equals("resource") ? 2 : 1);
    }
    attempt.complete();
    assertThat(scene.op().calls("token").get(0).form().get("resource"))
        .containsExactly("https://a.example/api", "https://b.example/api");
  }

  static Stream<Fault> failures() {
    return Stream.of(
        Fault.none().status(500),
        Fault.none().status(503),
        Fault.none().status(400).text("{\"error\":\"invalid_request\"}"),
        Fault.none().status(401).text("{\"error\":\"invalid_client\"}"),
        Fault.none().status(201).member("error", "server_error"),
        Fault.none().status(201).member("request_uri", null),
        Fault.none().status(201).member("request_uri", ""),
        Fault.none().status(201).member("request_uri", 7),
        Fault.none().status(201).member("request_uri", "urn:a b"),
        Fault.none().status(201).member("request_uri", "urn:a\r\nX-Injected: 1"),
        Fault.none().status(201).member("request_uri", "urn:" + "a".repeat(2000)),
        Fault.none().status(201).member("expires_in", null),
        Fault.none().status(201).member("expires_in", 0),
        Fault.none().status(201).member("expires_in", -1),
        Fault.none().status(201).member("expires_in", 1.5),
        Fault.none().status(201).member("expires_in", "60"),
        Fault.none().status(201).member("expires_in", 1e300),
        Fault.none().status(204),
        Fault.none().status(201).text("no JSON"),
        Fault.none().status(201).text("[]"),
        Fault.none().status(201).contentType("text/html"),
        Fault.none().status(201).padding(200_000),
        Fault.none().status(201).gzipBomb(10_000_000),
        Fault.none().redirectTo("http://127.0.0.1:9/elsewhere"),
        Fault.none().reset(),
        Fault.none().status(201).cut());
  }

  @ParameterizedTest
  @MethodSource("failures")
  @Rule("TH-AUTHZ-11")
  void failureIsToldAndNeverFallsBackToThePlainUrl(Fault failure) {
    Browser browser = scene.browser();
    scene.op().fault("par", failure);

    Reply reply = browser.get("/x");

    assertRefused(reply, 502);
    assertThat(reply.location()).isNull();
    assertThat(reply.header("X-Injected")).isNull();
    assertThat(browser.cookies()).isEmpty();
    assertThat(scene.op().calls("par")).hasSize(1);
    scene.op().mend();
    scene.login(browser, "/x").complete();
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-AUTHZ-11")
  @Rule("TH-DOS-5")
  void silentOpIsGivenUpAndServesNobodyElseWorse() {
    Browser user = scene.signedIn();
    scene.op().fault("par", Fault.none().hang(Duration.ofSeconds(30)));

    Reply reply = scene.browser().get("/x");

    assertThat(reply.status()).isBetween(502, 504);
    assertThat(reply.location()).isNull();
    assertThat(scene.userSeen(user, "/x")).isEqualTo("alice-1");
  }

  @Test
  @Rule("TH-AUTHZ-11")
  void operatorCanAskForItWhereTheOpDoesNot() {
    try (Scene always = Scene.open(door, "provider: {pushed-authorization: always}")) {
      LoginAttempt attempt = always.login(always.browser(), "/x");
      assertThat(attempt.start().locationQuery()).containsOnlyKeys("client_id", "request_uri");
      attempt.complete();

      always.op().fault("par", Fault.none().status(500));
      assertRefused(always.browser().get("/x"), 502);
    }
    try (Scene plain = Scene.open(door, "")) {
      LoginAttempt attempt = plain.login(plain.browser(), "/x").complete();
      assertThat(attempt.start().locationQuery()).doesNotContainKey("request_uri");
      assertThat(plain.op().calls("par")).isEmpty();
    }
  }

  @Test
  @Rule("TH-AUTHZ-11")
  void secretInTheFormIsBesideOneClientId() {
    try (Scene post =
        Scene.open(
            door,
            "provider: {pushed-authorization: always, client-authentication: client-secret-post}",
            op ->
                op.metadata(
                    "token_endpoint_auth_methods_supported", List.of("client_secret_post")))) {
      post.login(post.browser(), "/x").complete();

      assertThat(post.op().calls("par").get(0).form().get("client_id")).containsExactly("gw");
    }
  }
}
