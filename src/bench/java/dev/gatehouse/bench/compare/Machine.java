package dev.gatehouse.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What it runs on. */
final class Machine {
  private Machine() {}

  /** Such as 17. */
  static String javaMajor(Options options) {
    return said(List.of(options.javaHome() + "/bin/java", "-version"), 0)
        .replaceFirst(".* version \"([0-9]+).*", "$1");
  }

  /** The full name of the JVM that runs Gatehouse. */
  static String java(Options options) {
    List<String> command = List.of(options.javaHome() + "/bin/java", "-version");
    return said(command, 1) + ", " + said(command, 2);
  }

  static String cpu() throws IOException {
    return Files.readString(Path.of("/proc/cpuinfo"))
        .lines()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.replaceFirst(".*: ", ""))
        .findFirst()
        .orElse("unknown CPU");
  }

  static long memoryMib() throws IOException {
    return Files.readString(Path.of("/proc/meminfo"))
        .lines()
        .filter(line -> line.startsWith("MemTotal"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  static String kernel() {
    return said(List.of("uname", "-sr"), 0);
  }

  /** A line of what a command prints. */
  static String said(List<String> command, int line) {
    return output(command).lines().skip(line).findFirst().orElse("").strip();
  }

  /** What a command prints, on either stream. */
  static String output(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes());
    } catch (IOException e) {
      return command.get(0) + " cannot be run: " + e.getMessage();
    }
  }
}
