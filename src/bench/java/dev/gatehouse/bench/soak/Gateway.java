package dev.gatehouse.bench.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The finished gateway as a process of its own, and what it takes of the machine (Linux). */
final class Gateway implements AutoCloseable {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
  private static final Pattern FIELD = Pattern.compile("(?m)^(VmRSS|Threads):\\s+(\\d+)");

  private final Process process;
  private final Path log;

  private Gateway(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it and waits until it serves. */
  static Gateway start(String jar, String options, Path directory, String yaml) throws Exception {
    Path file = Files.writeString(directory.resolve("gatehouse.yaml"), yaml);
    Path log = directory.resolve("gatehouse.log");
    List<String> command = new ArrayList<>(List.of(tool("java")));
    Arrays.stream(options.split(" ")).filter(o -> !o.isEmpty()).forEach(command::add);
    command.addAll(List.of("-jar", jar, "run", "-c", file.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GATEHOUSE_"));
    builder.environment().put("GATEHOUSE_LOG_LEVEL", "ERROR");
    Gateway gateway = new Gateway(builder.start(), log);
    Instant deadline = Instant.now().plus(Duration.ofMinutes(3));
    while (!Files.readString(log).contains("ready: ")) {
      if (!gateway.process.isAlive() || Instant.now().isAfter(deadline)) {
        gateway.close();
        throw new IllegalStateException("the gateway does not start:\n" + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return gateway;
  }

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  boolean alive() {
    return process.isAlive();
  }

  long rssKib() throws IOException {
    return status("VmRSS");
  }

  long threads() throws IOException {
    return status("Threads");
  }

  long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", "" + process.pid(), "fd"))) {
      return open.count();
    }
  }

  /** What is left of the heap when all garbage is gone: the tool collects, then counts. */
  long liveHeapBytes() throws Exception {
    Process jcmd =
        new ProcessBuilder(tool("jcmd"), "" + process.pid(), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String text = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
    jcmd.waitFor();
    Matcher total = TOTAL.matcher(text);
    if (!total.find()) {
      throw new IllegalStateException("jcmd says: " + text.lines().limit(5).toList());
    }
    return Long.parseLong(total.group(1));
  }

  /** What it has written: it is told to write errors only. */
  String output() throws IOException {
    return Files.readString(log);
  }

  private long status(String name) throws IOException {
    Matcher field = FIELD.matcher(Files.readString(Path.of("/proc", "" + process.pid(), "status")));
    while (field.find()) {
      if (field.group(1).equals(name)) {
        return Long.parseLong(field.group(2));
      }
    }
    throw new IllegalStateException("no " + name);
  }

  /** SIGTERM; the exit status. */
  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
