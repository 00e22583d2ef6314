package dev.gatehouse.backchannel;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads of calls to the OP: named for thread dumps, and daemons. */
public final class OpThreads implements ThreadFactory {
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

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, name + "-" + made.incrementAndGet());
    thread.setDaemon(true);
    // Else a thread made during a request would hold on to the web application that sent it.
    thread.setContextClassLoader(OpThreads.class.getClassLoader());
    return thread;
  }
}
