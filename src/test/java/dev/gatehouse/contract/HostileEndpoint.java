package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Reply;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What the tables of hostile answers have in common, one for each endpoint of the OP. */
abstract class HostileEndpoint extends ContractTest {
  /** Calls to the OP at once, as configured. */
  private static final int THREADS = 4;

  private static final int CROWD = 16;
  private static final Duration DEADLINE = Duration.ofMillis(1500);

  /** The deadline, and what a busy machine may add; far less than those answers would take. */
  private static final Duration LATEST = DEADLINE.plusSeconds(8);

  @Override
  protected String configuration() {
    return "backchannel: {threads: " + THREADS + ", read-timeout: 700ms, deadline: 1500ms}";
  }

  /** The answer to a request that needs the OP: it comes by the deadline. */
  protected Reply timely(Supplier<Reply> request) {
    long begun = System.nanoTime();
    Reply reply = request.get();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LATEST);
    return reply;
  }

  /** The answer refuses, because of the OP, and the app saw nothing. */
  protected void assertBlamesTheOp(Reply reply) {
    assertThat(reply.status()).as("%s", reply).isIn(502, 503, 504);
    assertRefused(reply, reply.status());
    assertAppUnreached();
  }

  /**
   * A crowd that needs the hanging OP is answered by the deadline and holds no more threads than
   * may ask it; {@code other} requests are served meanwhile.
   */
  protected void crowd(String endpoint, Supplier<Reply> needsTheOp, Runnable other) {
    ExecutorService users = Executors.newFixedThreadPool(CROWD);
    try {
      List<CompletableFuture<Reply>> crowd =
          IntStream.range(0, CROWD)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> timely(needsTheOp), users))
              .toList();
      await().until(() -> !scene.op().calls(endpoint).isEmpty());
      for (int i = 0; i < 10; i++) {
        other.run();
        assertThat(askingTheOp()).isLessThanOrEqualTo(2 * THREADS);
      }
      crowd.forEach(CompletableFuture::join);
      await().until(() -> askingTheOp() == 0);
    } finally {
      users.shutdownNow();
    }
  }

  /** Threads that wait for an answer of the OP now. */
  private static long askingTheOp() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            frames ->
                Arrays.stream(frames)
                    .anyMatch(f -> f.getClassName().equals("dev.gatehouse.backchannel.OpClient")))
        .count();
  }
}
