package dev.gatehouse.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** As many requests as a server can take, by wrk. */
final class Load {
  /** Runs once at the end, so that it costs nothing while requests are sent. */
  private static final String SUMMARY =
      """
      done = function(summary, latency, requests)
        local e = summary.errors
        io.write(string.format("SUMMARY %d %d %d %d %d\\n", summary.requests, summary.duration,
          latency:percentile(50), latency:percentile(99),
          e.connect + e.read + e.write + e.status + e.timeout))
      end
      """;

  /**
   * What one measurement gave.
   *
   * @param cpuMicros of the server's processes, for each request
   * @param othersShare of the CPU time that went to processes that do not belong to this run
   */
  record Sample(
      double perSecond, double p50Millis, double p99Millis, double cpuMicros, double othersShare) {}

  private final Path script;
  private final int connections;
  private final Server origin;

  Load(Path directory, int connections, Server origin) throws IOException {
    this.script = Files.writeString(directory.resolve("summary.lua"), SUMMARY);
    this.connections = connections;
    this.origin = origin;
  }

  /** Loads {@code target} for that time. */
  Sample run(Target target, int seconds) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("wrk", "-t", String.valueOf(Options.cores()), "-c", "" + connections));
    command.addAll(List.of("-d", seconds + "s", "--timeout", "10s", "-s", script.toString()));
    target.headers().forEach((name, value) -> command.addAll(List.of("-H", name + ": " + value)));
    command.add(target.url());

    Others others = Others.beside(origin, target.server());
    long before = target.server().processes().cpuMicros();
    Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
    AutoCloseable running = wrk::destroyForcibly;
    Cleanup.add(running);
    String output = new String(wrk.getInputStream().readAllBytes());
    long used = target.server().processes().cpuMicros() - before;
    await(wrk);
    Cleanup.remove(running);
    double othersShare = others.share();

    String[] summary =
        output
            .lines()
            .filter(line -> line.startsWith("SUMMARY "))
            .findFirst()
            .orElseThrow(() -> new CompareFailure("wrk fails at " + target.name() + ":\n" + output))
            .split(" ");
    double requests = Double.parseDouble(summary[1]);
    if (requests < 1 || !summary[5].equals("0")) {
      throw new CompareFailure(target.name() + " had errors under load:\n" + output);
    }
    return new Sample(
        requests * 1e6 / Double.parseDouble(summary[2]),
        Double.parseDouble(summary[3]) / 1000,
        Double.parseDouble(summary[4]) / 1000,
        used / requests,
        othersShare);
  }

  private static void await(Process wrk) {
    try {
      wrk.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompareFailure("interrupted", e);
    }
  }
}
