package dev.gatehouse.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much memory a piece of code takes from the heap. */
public final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /**
   * The bytes that {@code code} allocates per run, after a while; a fraction means now and then.
   */
  public static double bytesPerRun(Runnable code) {
    int runs = 2_000;
    // Classes get loaded and call sites linked.
    repeat(runs, code);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    repeat(runs, code);
    return (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / runs;
  }

  private static void repeat(int runs, Runnable code) {
    for (int i = 0; i < runs; i++) {
      code.run();
    }
  }
}
