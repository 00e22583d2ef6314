package dev.gatehouse.bench.compare;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process and its descendants, as /proc tells of them (proc(5)).
 *
 * @param pids those that live
 */
record Processes(List<Long> pids) {
  private static final long MICROS_PER_TICK = 1_000_000L / ticksPerSecond();

  static Processes of(long root) {
    ProcessHandle handle =
        ProcessHandle.of(root).orElseThrow(() -> new CompareFailure("process has ended: " + root));
    return new Processes(
        Stream.concat(Stream.of(handle), handle.descendants()).map(ProcessHandle::pid).toList());
  }

  /** CPU time that they and their ended children have used, in user and in kernel mode. */
  long cpuMicros() {
    return pids.stream().mapToLong(Processes::ticks).sum() * MICROS_PER_TICK;
  }

  /** CPU time that all processes of the machine have used. */
  static long machineMicros() {
    String[] fields = read(Path.of("/proc/stat")).lines().findFirst().orElseThrow().split(" +");
    // user, nice, system, irq, softirq, steal; not idle and iowait
    long ticks = 0;
    for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks * MICROS_PER_TICK;
  }

  private static long ticks(long pid) {
    String stat = read(Path.of("/proc/" + pid + "/stat"));
    // The name may hold blanks; state is the first field behind it and the third of all.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long sum = 0;
    for (int field = 14; field <= 17; field++) { // utime, stime, cutime, cstime
      sum += Long.parseLong(fields[field - 3]);
    }
    return sum;
  }

  /** Resident memory in KiB, pages that are shared counted in each process. */
  long residentKib() {
    return pids.stream().mapToLong(pid -> field("/proc/" + pid + "/status", "VmRSS:")).sum();
  }

  /** Proportional set size in KiB: shared pages are divided among those who share them. */
  long proportionalKib() {
    return pids.stream().mapToLong(pid -> field("/proc/" + pid + "/smaps_rollup", "Pss:")).sum();
  }

  /** The command line of the first, without its class path and without directories. */
  String command() {
    return read(Path.of("/proc/" + pids.get(0) + "/cmdline"))
        .replace('\0', ' ')
        .replaceAll("(-cp|-classpath) \\S+ ", "")
        .replaceAll("/\\S*/", "")
        .strip();
  }

  private static long field(String file, String name) {
    return read(Path.of(file))
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  private static long ticksPerSecond() {
    try {
      Process getconf = new ProcessBuilder("getconf", "CLK_TCK").start();
      return Long.parseLong(new String(getconf.getInputStream().readAllBytes()).strip());
    } catch (IOException e) {
      throw new CompareFailure("getconf CLK_TCK fails", e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      throw new CompareFailure("cannot read " + file, e);
    }
  }
}
