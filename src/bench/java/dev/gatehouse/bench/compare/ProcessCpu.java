package dev.gatehouse.bench.compare;

/** CPU time of this process and of those that it has started and that have ended. */
final class ProcessCpu {
  private ProcessCpu() {}

  static long children() {
    return new Processes(java.util.List.of(ProcessHandle.current().pid())).cpuMicros();
  }
}
