package dev.gatehouse.backchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rule;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The bounded pool of calls to the OP. */
class OpExecutorTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);

  private static CompletableFuture<String> call(OpExecutor executor, Supplier<String> work) {
    return executor.call(work, OpFailure::reason).toCompletableFuture();
  }

  private static String hang(CountDownLatch release) {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "late";
  }

  @Test
  void workRunsOnNamedDaemonThreads() {
    try (OpExecutor executor = new OpExecutor("test-op", 1, 0, LONG)) {
      String thread =
          call(executor, () -> Thread.currentThread().getName() + Thread.currentThread().isDaemon())
              .join();

      assertThat(thread).isEqualTo("test-op-1true");
    }
  }

  @Test
  @Rule("TH-DOS-5")
  void overloadIsAnsweredAtOnce() {
    CountDownLatch release = new CountDownLatch(1);
    try (OpExecutor executor = new OpExecutor("test-op", 1, 1, LONG)) {
      CompletableFuture<String> running = call(executor, () -> hang(release));
      CompletableFuture<String> waiting = call(executor, () -> "waited");

      CompletableFuture<String> refused = call(executor, () -> "never");

      assertThat(refused).isCompletedWithValue("op-overloaded");
      assertThat(waiting).isNotDone();
      release.countDown();
      assertThat(running.join()).isEqualTo("late");
      assertThat(waiting.join()).isEqualTo("waited");
    }
  }

  @Test
  @Rule("TH-DOS-5")
  void stageCompletesByTheDeadlineWhateverTheWorkDoes() {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch ran = new CountDownLatch(1);
    try (OpExecutor executor = new OpExecutor("test-op", 1, 1, SHORT)) {
      CompletableFuture<String> hanging = call(executor, () -> hang(release));
      CompletableFuture<String> waiting =
          call(
              executor,
              () -> {
                ran.countDown();
                return "in vain";
              });

      assertThat(hanging.join()).isEqualTo("op-timeout");
      assertThat(waiting.join()).isEqualTo("op-timeout");

      CompletableFuture<String> next = call(executor, () -> "next");
      release.countDown();
      assertThat(next.join()).as("there is room again").isNotEqualTo("op-overloaded");
      assertThat(ran.getCount()).as("late work is not begun").isEqualTo(1);
    }
  }

  @Test
  void bugInTheWorkCompletesExceptionally() {
    try (OpExecutor executor = new OpExecutor("test-op", 1, 1, LONG)) {
      CompletableFuture<String> broken =
          call(
              executor,
              () -> {
                throw new IllegalStateException("bug");
              });

      assertThatThrownBy(broken::join)
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("bug");
    }
  }

  @Test
  void closedExecutorTakesNothing() {
    OpExecutor executor = new OpExecutor("test-op", 1, 1, LONG);
    executor.close();

    assertThat(call(executor, () -> "never")).isCompletedWithValue("op-overloaded");
  }
}
