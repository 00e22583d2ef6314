package dev.gatehouse.bench.compare;

import dev.gatehouse.testkit.HeldPort;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A server that this run has started on loopback, with all processes that it has made. */
final class Server implements Closeable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final int port;
  private final Process process;
  private final Path log;
  private final long startedNanos;
  private long readyNanos;

  private Server(String name, int port, Process process, Path log, long startedNanos) {
    this.name = name;
    this.port = port;
    this.process = process;
    this.log = log;
    this.startedNanos = startedNanos;
  }

  /** A port of 127.0.0.1 that is this run's until it ends. */
  static int freePort() {
    HeldPort port = HeldPort.take();
    Cleanup.add(port);
    return port.number();
  }

  /** Starts a server, and returns once it accepts connections. */
  static Server listening(String name, int port, Path log, List<String> command)
      throws IOException {
    Server server = begin(name, port, log, command, Map.of());
    server.await(server::accepts);
    return server;
  }

  /** Starts a server, and returns once it has printed a line that begins with {@code word}. */
  static Server saying(
      String word,
      String name,
      int port,
      Path log,
      List<String> command,
      Map<String, String> environment)
      throws IOException {
    Server server = begin(name, port, log, command, environment);
    server.await(() -> server.output().lines().anyMatch(line -> line.startsWith(word)));
    return server;
  }

  private static Server begin(
      String name, int port, Path log, List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    giveEnvironment(builder, environment);
    Files.deleteIfExists(log);
    Files.createFile(log);
    long now = System.nanoTime();
    Server server = new Server(name, port, builder.start(), log, now);
    Cleanup.add(server);
    return server;
  }

  /** Without what is set for another installation: it would change what is measured. */
  static void giveEnvironment(ProcessBuilder builder, Map<String, String> environment) {
    builder.environment().keySet().removeIf(key -> key.startsWith("GATEHOUSE_"));
    builder.environment().putAll(environment);
  }

  private void await(BooleanSupplier ready) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new CompareFailure(name + " does not start. It says:\n" + output());
      }
      pause(1);
    }
    readyNanos = System.nanoTime();
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** From the start of the process until it was ready. */
  Duration startUp() {
    return Duration.ofNanos(readyNanos - startedNanos);
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  String origin() {
    return "http://127.0.0.1:" + port;
  }

  /** What it has printed. */
  String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new CompareFailure("cannot read " + log, e);
    }
  }

  /** Its processes, as the operating system sees them. */
  Processes processes() {
    return Processes.of(process.pid());
  }

  /** Asks it to end and waits; ends it by force after ten seconds. */
  @Override
  public void close() {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
    Cleanup.remove(this);
  }

  static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompareFailure("interrupted", e);
    }
  }
}
