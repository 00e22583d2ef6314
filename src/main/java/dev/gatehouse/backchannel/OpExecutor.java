package dev.gatehouse.backchannel;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs blocking work that needs the OP on a few threads of its own, so that a hanging OP holds up
 * only requests that need it (TH-DOS-5). Safe for concurrent use.
 */
public final class OpExecutor implements AutoCloseable {
  private static final Duration IDLE_THREAD_LIFE = Duration.ofSeconds(30);

  private final ThreadPoolExecutor threads;
  private final ScheduledThreadPoolExecutor timer;
  private final Duration deadline;

  /**
   * Makes a pool.
   *
   * @param name what its threads are called
   * @param threads calls that may be under way at once, at least 1
   * @param queue calls that may wait for a thread, at least 0
   * @param deadline from {@link #call} to the answer, waiting for a thread included
   */
  public OpExecutor(String name, int threads, int queue, Duration deadline) {
    BlockingQueue<Runnable> waiting =
        queue == 0 ? new SynchronousQueue<>() : new LinkedBlockingQueue<>(queue);
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_THREAD_LIFE.toMillis(),
            TimeUnit.MILLISECONDS,
            waiting,
            OpThreads.named(name));
    this.threads.allowCoreThreadTimeOut(true);
    this.timer = OpThreads.timer(name + "-deadline");
    this.deadline = deadline;
  }

  /**
   * Runs {@code work} soon. The stage completes within the deadline whatever the work does:
   * normally with its value, with {@code otherwise} of {@link OpFailure#OVERLOADED} at once where
   * no room is left, with that of {@link OpFailure#TIMED_OUT} at the deadline. It completes
   * exceptionally only for a bug in {@code work}. What depends on the stage must not block.
   */
  public <T> CompletionStage<T> call(Supplier<T> work, Function<OpFailure, T> otherwise) {
    return call(work, otherwise, tooLate -> {});
  }

  /**
   * The same.
   *
   * @param late gets the value of work that ended after the deadline, which nobody waits for
   */
  public <T> CompletionStage<T> call(
      Supplier<T> work, Function<OpFailure, T> otherwise, Consumer<T> late) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    Runnable task = () -> run(work, outcome, late);
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(otherwise.apply(OpFailure.OVERLOADED));
    }
    Future<?> alarm =
        timer.schedule(
            () -> {
              threads.remove(task); // what waited in vain takes nobody's place any longer
              outcome.complete(otherwise.apply(OpFailure.TIMED_OUT));
            },
            deadline.toNanos(),
            TimeUnit.NANOSECONDS);
    outcome.whenComplete((value, bug) -> alarm.cancel(false));
    return outcome;
  }

  private static <T> void run(Supplier<T> work, CompletableFuture<T> outcome, Consumer<T> late) {
    if (outcome.isDone()) {
      return; // its deadline passed just now: nobody reads the answer
    }
    try {
      T value = work.get();
      if (!outcome.complete(value)) {
        late.accept(value);
      }
    } catch (RuntimeException | Error bug) {
      outcome.completeExceptionally(bug);
    }
  }

  /** Interrupts what is under way and takes no more. */
  @Override
  public void close() {
    OpThreads.end(threads);
    OpThreads.end(timer);
  }
}
