package dev.gatehouse.testkit;

/** Starts and stops what may throw anything. */
final class Lifecycle {
  /** A step that may throw anything. */
  interface Step {
    void run() throws Exception;
  }

  private Lifecycle() {}

  static void run(Step step) {
    try {
      step.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
