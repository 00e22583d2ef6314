package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.gate.RequestPath;
import dev.gatehouse.testkit.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Later dispatches of a request, and paths that containers read in their own way. */
class FilterDispatchTest extends FilterInContainers {
  FilterDispatchTest(ContainerKind kind) {
    super(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "/spy, REQUEST",
    "/forward, FORWARD",
    "/forward-bare, FORWARD",
    "/include, INCLUDE",
    "/async, ASYNC",
    "/async-pair, ASYNC",
    "/async-thread, REQUEST",
    "/error, ERROR",
    "/throw, ERROR"
  })
  @Rule("TH-HDR-6")
  void everyDispatchSeesTheSameUserAndIsJudgedOnce(String path, String dispatch) {
    Reply reply = container.get(APP + path, "X-Gatehouse-User: mallory", "Cookie: gh_s=x; a=1");

    assertThat(lines(reply))
        .contains("dispatch=" + dispatch, "user=alice", "header.X-Gatehouse-User=alice")
        .contains("headers.X-Gatehouse-User=[alice]", "staff=true", "cookie-header=a=1")
        .noneMatch(line -> line.contains("mallory"));
    assertThat(gate.judged()).isEqualTo(1);
  }

  @Test
  @Rule("TH-HDR-6")
  void theNextRequestOnAConnectionIsJudgedAnew() {
    container.get(APP + "/spy");
    passAs(FakeForward.as("bob"));

    assertThat(lines(container.get(APP + "/spy"))).contains("user=bob");
    assertThat(gate.judged()).isEqualTo(1);
  }

  @Test
  @Rule("TH-HDR-6")
  void nobodyElseSetsTheIdentityAttribute() {
    assertThat(lines(container.get(APP + "/attributes", "X-Before: attributes")))
        .contains("attribute=mine", "user=alice")
        .anyMatch(line -> line.startsWith("identity=Identity["))
        .noneMatch(line -> line.contains("mallory"))
        .noneMatch(line -> line.startsWith("attribute=dev.gatehouse.servlet."));
    assertThat(gate.judged()).isEqualTo(1);
  }

  @Test
  @Rule("TH-HDR-6")
  void theErrorPageOfTheAppIsNotRunForARequestThatNobodyJudged() {
    assertThat(container.get(APP + "/spy", "X-Before: nothing").status()).isEqualTo(200);

    Reply reply = container.get(APP + "/spy", "X-Before: error", "X-Gatehouse-User: mallory");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.text()).contains("error-before-gate").doesNotContain("mallory");
  }

  @Test
  @Rule("TH-HTTP-6")
  void theGateLearnsOfOneAuthorityOrOfNone() {
    gate.decideAlways(request -> FakeGate.answer(200, "authority " + request.authority()));

    assertThat(container.get(APP + "/x").text()).isEqualTo("authority app.example");
    assertThat(container.get("http://app.example" + APP + "/x").text())
        .isEqualTo("authority app.example");
    for (Reply reply :
        List.of(
            container.get(APP + "/x", "Host: evil.example"),
            container.get("http://evil.example" + APP + "/x"))) {
      assertThat(reply.status() == 400 || reply.text().equals("authority null"))
          .as("%s", reply)
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/app/;/x/..;/admin",
        "/app/public/..;/admin",
        "/app/public/../admin",
        "/app/public/%2e%2e/admin",
        "/app/;/admin",
        "/app//admin",
        "/app/admin;x=1",
        "/app/admin%2f",
        "/app/%252e%252e/admin",
        "/app/public\\..\\admin"
      })
  @Rule("TH-PATH-9")
  @Rule("TH-PATH-4")
  void aPathThatTheContainerReadsDifferentlyReachesNoApp(String target) {
    judgeByPath();
    assertThat(container.get("/app/admin").text()).contains("user=alice");

    Reply reply = container.get(target);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).doesNotContain("user=");
  }

  @Test
  @Rule("TH-PATH-4")
  void aSessionIdInAPathIsJudgedWithoutIt() {
    judgeByPath();

    assertThat(container.get("/app/admin;jsessionid=1").text()).contains("user=alice");
  }

  private void judgeByPath() {
    gate.decideAlways(
        request -> {
          RequestPath.Parsed parsed =
              RequestPath.parse(request.rawPath(), APP, request.mappedPath());
          return parsed instanceof RequestPath.Parsed.Ok ok
                  && ok.path().canonical().equals("/admin")
              ? new Decision.ToApp(FakeForward.as("alice").to(request))
              : FakeGate.answer(400, "refused " + parsed);
        });
  }
}
