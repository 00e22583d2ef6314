package dev.gatehouse.backchannel;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the threads of calls to the OP: named for thread dumps, and daemons. */
public final class OpThreads implements ThreadFactory {
  private static final Logger LOG = LoggerFactory.getLogger(OpThreads.class);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final String name;
  private final AtomicInteger made = new AtomicInteger();

  private OpThreads(String name) {
    this.name = name;
  }

  /** Threads named {@code name-1}, {@code name-2} and so on. */
  public static ThreadFactory named(String name) {
    return new OpThreads(name);
  }

  /** One thread that runs things later; what is cancelled is forgotten at once. */
  public static ScheduledThreadPoolExecutor timer(String name) {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named(name));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return timer;
  }

  /**
   * Interrupts the threads of {@code pool} and waits a moment until they have ended: with a web
   * application that is undeployed their classes go too.
   */
  public static void end(ExecutorService pool) {
    pool.shutdownNow();
    try {
      if (!pool.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn(
            "a call to the OP does not heed its interruption; its thread is left to end later");
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, name + "-" + made.incrementAndGet());
    thread.setDaemon(true);
    // Else a thread made during a request would hold on to the web application that sent it.
    thread.setContextClassLoader(OpThreads.class.getClassLoader());
    return thread;
  }
}
