package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Threat catalogue §14: more requests wait for one answer of the OP than a container has threads.
 */
class CrowdTest extends ContractTest {
  /** More than Tomcat's and Jetty's two hundred. */
  private static final int CROWD = 250;

  private static final String THREAD = "crowd";

  private CountDownLatch release;

  @BeforeEach
  void hold() {
    release = new CountDownLatch(1);
  }

  @Override
  protected String configuration() {
    return """
        backchannel: {read-timeout: 30s, deadline: 30s}
        bearer: {audience: https://api.example, validation: introspection}
        rules:
          - {path: /api/**, access: bearer}
        """;
  }

  /** In the end the OP says that it cannot answer. */
  private Fault hanging() {
    return Fault.none().until(release).status(503);
  }

  private List<Reply> crowd(String endpoint, Supplier<Reply> request, Browser bystander) {
    ExecutorService threads = Executors.newFixedThreadPool(CROWD, work -> new Thread(work, THREAD));
    try {
      List<CompletableFuture<Reply>> replies =
          IntStream.range(0, CROWD)
              .mapToObj(i -> CompletableFuture.supplyAsync(request, threads))
              .toList();
      await().until(() -> !scene.op().calls(endpoint).isEmpty());
      await()
          .until(
              () ->
                  replies.stream().filter(CompletableFuture::isDone).count() + waiting() == CROWD);
      for (int i = 0; i < 5; i++) {
        assertThat(App.made(bystander.get("/x"))).isTrue();
      }
      assertThat(replies).anyMatch(reply -> !reply.isDone());
      release.countDown();
      return replies.stream().map(CompletableFuture::join).toList();
    } finally {
      release.countDown();
      threads.shutdownNow();
    }
  }

  /** How many of the crowd have sent their request and read now. */
  private static long waiting() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals(THREAD))
        .filter(
            thread ->
                Arrays.stream(thread.getValue())
                    .anyMatch(frame -> frame.getClassName().endsWith(".WireReader")))
        .count();
  }

  @Test
  @Rule("TH-DOS-5")
  void aTokenThatTheOpIsAskedAboutTakesNobodyElsesThread() {
    Browser bystander = scene.signedIn();
    scene.op().fault("introspect", hanging());
    Browser client = scene.browser();
    Ask ask = Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer invented");

    List<Reply> replies = crowd("introspect", () -> client.copy().send(ask), bystander);

    assertThat(replies)
        .allSatisfy(
            reply -> {
              assertThat(reply.status()).isEqualTo(503);
              assertThat(reply.header("Retry-After")).isNotNull();
            });
    assertThat(scene.op().calls("introspect")).hasSize(1);
  }

  @Test
  @Rule("TH-DOS-5")
  void aRefreshThatIsDueTakesNobodyElsesThread() {
    Browser bystander = scene.signedIn();
    Browser user = scene.signedIn(Plan.honest().refreshable(300).refresh(hanging()));
    scene.clock().pass(Duration.ofSeconds(275));
    scene.op().forgetCalls();

    List<Reply> replies = crowd("token", () -> user.copy().get("/x"), bystander);

    assertThat(replies).allSatisfy(reply -> assertThat(App.made(reply)).isTrue());
    assertThat(scene.op().calls("token")).hasSize(1);
  }

  @Test
  @Rule("TH-DOS-5")
  void anExpiredTokenIsAnsweredForAtOnceWhereTooManyWait() {
    Browser bystander = scene.signedIn();
    Browser user = scene.signedIn(Plan.honest().refreshable(300).refresh(hanging()));
    scene.clock().pass(Duration.ofSeconds(301));
    scene.op().forgetCalls();

    List<Reply> replies = crowd("token", () -> user.copy().get("/x"), bystander);

    assertThat(replies).allSatisfy(reply -> assertThat(reply.status()).isEqualTo(503));
    assertAppSawOnlyTheBystander();
    assertSession(user, "alice-1");
  }

  private void assertAppSawOnlyTheBystander() {
    assertThat(scene.app().seen()).hasSize(5);
  }
}
