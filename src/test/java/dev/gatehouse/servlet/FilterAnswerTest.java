package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gate.Decision;
import dev.gatehouse.testkit.Reply;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway's own answers, and what they need of the request. */
class FilterAnswerTest extends FilterInContainers {
  FilterAnswerTest(ContainerKind kind) {
    super(kind);
  }

  @Test
  void anAnswerOfTheGatewayReachesNoApp() {
    gate.decideAlways(request -> FakeGate.answer(403, "no"));

    Reply reply = container.get(APP + "/spy");

    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.text()).isEqualTo("no");
    assertThat(reply.headers("Set-Cookie")).hasSize(2);
    assertThat(reply.headers("Content-Length")).containsExactly("2");
  }

  @Test
  void headGetsNoBody() {
    gate.decideAlways(request -> FakeGate.answer(200, "page"));

    Reply reply = container.ask("HEAD", APP + "/spy", "");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.whole()).endsWith("\r\n\r\n").doesNotContain("page");
  }

  @Test
  void whatThePendingOutcomeSaysIsDone() {
    CompletableFuture<Decision> outcome = new CompletableFuture<>();
    gate.decideAlways(
        request -> {
          outcome.completeAsync(() -> FakeGate.answer(303, ""));
          return new Decision.Pending(outcome);
        });

    assertThat(container.get(APP + "/spy").status()).isEqualTo(303);
  }

  @Test
  void aBugInTheGateLetsNothingPass() {
    gate.decideAlways(
        request -> {
          throw new IllegalStateException("bug");
        });

    Reply reply = container.get(APP + "/spy");

    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.text()).contains("internal-error").doesNotContain("user=");
  }

  @Test
  void aBugInThePendingOutcomeLetsNothingPass() {
    gate.decideAlways(
        request ->
            new Decision.Pending(CompletableFuture.failedStage(new IllegalStateException("bug"))));

    assertThat(container.get(APP + "/spy").status()).isEqualTo(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "parameters"})
  void aFormForTheGatewayIsReadAlsoAfterTheContainerHasParsedIt(String before) {
    echoBodies(32);

    Reply reply =
        container.ask(
            "POST",
            APP + "/x?csrf=query",
            "csrf=a%2Bb&rd=%2F",
            "Content-Type: application/x-www-form-urlencoded",
            "X-Before: " + before);

    assertThat(reply.text()).isEqualTo("got csrf=a%2Bb&rd=%2F");
  }

  @Test
  void aFormThatIsTooLongIsNotRead() {
    echoBodies(8);
    String type = "Content-Type: application/x-www-form-urlencoded";

    assertThat(container.ask("POST", APP + "/x", "12345678", type).text())
        .isEqualTo("got 12345678");
    assertThat(container.ask("POST", APP + "/x", "123456789", type).status()).isEqualTo(413);
    assertThat(
            container
                .ask(
                    "POST",
                    APP + "/x",
                    "9\r\n123456789\r\n0\r\n\r\n",
                    type,
                    "Transfer-Encoding: chunked")
                .status())
        .isEqualTo(413);
  }

  private void echoBodies(int maxBytes) {
    gate.decideAlways(
        request ->
            new Decision.NeedsBody(
                maxBytes, body -> FakeGate.answer(200, "got " + new String(body, UTF_8))));
  }
}
