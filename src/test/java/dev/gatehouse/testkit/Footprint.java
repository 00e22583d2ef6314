package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What this process holds on to: measured before a flood and after it, or while it lasts.
 *
 * @param heapBytes used after a collection
 * @param threads that live
 * @param descriptors open files and connections
 */
public record Footprint(long heapBytes, int threads, long descriptors) {
  private static final long MIB = 1024 * 1024;

  /** Measures now. Collects, which takes some tens of milliseconds. */
  public static Footprint now() {
    return new Footprint(usedHeap(), threadCount(), openDescriptors());
  }

  /**
   * Fails where more is held now than then, once what is on its way to its end has ended.
   *
   * @param heapMiB so much more heap is no growth
   * @param moreThreads so many more threads are none
   */
  public void assertNotGrown(int heapMiB, int moreThreads) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(threadCount()).as("threads").isLessThanOrEqualTo(threads + moreThreads);
              assertThat(openDescriptors()).as("descriptors").isLessThanOrEqualTo(descriptors + 40);
              assertThat((usedHeap() - heapBytes) / MIB)
                  .as("more MiB")
                  .isLessThanOrEqualTo(heapMiB);
            });
  }

  private static long usedHeap() {
    long used = Long.MAX_VALUE;
    // What only a finalizer or a reference queue holds is gone by the second time.
    for (int i = 0; i < 2; i++) {
      System.gc();
      used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return used;
  }

  private static int threadCount() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private static long openDescriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }
}
