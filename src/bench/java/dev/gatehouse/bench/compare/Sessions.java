package dev.gatehouse.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a million sessions take of the heap, by {@code src/bench/sessions}. */
final class Sessions {
  private static final Path PROGRAM = Path.of("src/bench/sessions");
  private static final int SESSIONS = 1_000_000;
  private static final double GIB = 1024.0 * 1024 * 1024;

  private final Options options;
  private final Report report;

  Sessions(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  void run() throws IOException {
    if (!Files.exists(PROGRAM)) {
      throw new CompareFailure(PROGRAM + " is missing");
    }
    ProcessBuilder builder =
        new ProcessBuilder(PROGRAM.toAbsolutePath().toString(), String.valueOf(SESSIONS), "5");
    builder.environment().put("JAVA_HOME", options.javaHome().toString());
    Process process = builder.redirectErrorStream(true).start();
    AutoCloseable running = process::destroyForcibly;
    Cleanup.add(running);
    List<String> lines = new ArrayList<>();
    try (var output = process.inputReader()) {
      output.lines().peek(Progress::say).forEach(lines::add);
    }
    Cleanup.remove(running);
    String text = String.join("\n", lines);
    if (await(process) != 0) {
      throw new CompareFailure(PROGRAM + " fails:\n" + text);
    }
    double gib = Double.parseDouble(value(lines, "heap_bytes")) / GIB;
    report.command(PROGRAM + " " + SESSIONS + " 5");
    report.keep(
        "sessions",
        List.of(
            Goal.atMost(
                "1,000,000 sessions, each with 10 claims, a 1 KiB ID token and a 0.5 KiB refresh token",
                3,
                " GiB of heap",
                new Spread(gib, gib, gib),
                2)),
        "What it says:\n\n```\n" + text + "\n```\n");
  }

  private static String value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .findFirst()
        .orElseThrow(() -> new CompareFailure(PROGRAM + " does not say " + key));
  }

  private static int await(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompareFailure("interrupted", e);
    }
  }
}
