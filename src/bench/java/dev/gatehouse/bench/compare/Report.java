package dev.gatehouse.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps what each part found and writes the report from all that there is: a part that runs again
 * replaces its own figures alone.
 */
final class Report {
  private static final List<String> PARTS =
      List.of("throughput", "latency", "idle", "sessions", "startup");

  private final Options options;
  private final Path directory;
  private String command = "";

  Report(Options options) throws IOException {
    this.options = options;
    this.directory =
        Files.createDirectories(options.state().resolve("java-" + Machine.javaMajor(options)));
  }

  /** Drops the figures of earlier runs on this Java, so that none remains where a part fails. */
  void forget() throws IOException {
    Cleanup.delete(directory);
    Files.createDirectories(directory);
  }

  /** How Gatehouse's JVM was started. */
  void command(String line) {
    command = line;
  }

  /** Requests per second of the live session: what half load is half of. */
  void peak(double perSecond) throws IOException {
    Files.writeString(directory.resolve("peak"), String.format(Locale.ROOT, "%.0f", perSecond));
  }

  /** What {@link #peak} was told, in this run or an earlier one. */
  Optional<Double> peak() throws IOException {
    Path file = directory.resolve("peak");
    return Files.exists(file)
        ? Optional.of(Double.parseDouble(Files.readString(file)))
        : Optional.empty();
  }

  void throughput(String small, String large, List<Goal> goals, String memory) throws IOException {
    keep(
        "throughput",
        goals,
        "### As many requests as fit: 1 KiB\n\n%s\n### 100 KiB\n\n%s\n### Memory after that\n\n%s"
            .formatted(small, large, memory));
  }

  /** Replaces what is known of {@code part}, and writes the report anew. */
  void keep(String part, List<Goal> goals, String text) throws IOException {
    String provenance =
        "Measured %s, %d rounds%s, on %s:%n%n```%n%s%n```%n%n"
            .formatted(
                LocalDate.now(),
                options.rounds(),
                part.equals("throughput") || part.equals("latency")
                    ? " of " + options.seconds() + " s"
                    : "",
                Machine.java(options),
                command);
    Files.writeString(directory.resolve(part + ".md"), provenance + text);
    Files.writeString(
        directory.resolve(part + ".goals"),
        goals.stream().map(Goal::row).collect(Collectors.joining("\n", "", "\n")));
    goals.forEach(goal -> System.out.println(goal.row()));
    write();
  }

  private void write() throws IOException {
    StringBuilder all = new StringBuilder(HowToRead.text(options));
    try (Stream<Path> versions = Files.list(options.state())) {
      for (Path version : versions.filter(Files::isDirectory).sorted().toList()) {
        String name = "Java " + version.getFileName().toString().replace("java-", "");
        all.append(
            "\n## Goals on %s\n\n| measure | goal | median (range) | |\n| --- | --- | --- | --- |\n"
                .formatted(name));
        for (String part : PARTS) {
          all.append(read(version.resolve(part + ".goals")));
        }
        for (String part : PARTS) {
          String text = read(version.resolve(part + ".md"));
          if (!text.isEmpty()) {
            all.append("\n## %s, %s%n%n".formatted(name, part)).append(text);
          }
        }
      }
    }
    Files.writeString(options.results(), all);
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }
}
