package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The finished {@code gatehouse.jar} as a process of its own that logs all it can. */
public final class GatewayProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern READY = Pattern.compile("ready: .*listening on \\S+:(\\d+)\\)");

  private final Process process;
  private final Thread reader;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private GatewayProcess(Process process) {
    this.process = process;
    reader = new Thread(this::read, "gateway-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Runs {@code gatehouse.jar} with these arguments. */
  public static GatewayProcess start(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    command.add("-jar");
    command.add(System.getProperty("gatehouse.jar", "target/gatehouse.jar"));
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.startsWith("GATEHOUSE_"));
      builder.environment().put("GATEHOUSE_LOG_LEVEL", "TRACE");
      return new GatewayProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the gateway with that configuration and waits until it serves. */
  public static GatewayProcess serving(Path directory, String yaml) {
    try {
      Path file = Files.writeString(directory.resolve("gatehouse.yaml"), yaml);
      GatewayProcess gateway = start("run", "-c", file.toString());
      await()
          .atMost(PATIENCE)
          .failFast(gateway::assertAlive)
          .until(() -> gateway.match().isPresent());
      return gateway;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens, as its ready line says. */
  public int port() {
    return Integer.parseInt(match().orElseThrow().group(1));
  }

  /** Everything it wrote so far. */
  public String output() {
    return String.join("\n", lines);
  }

  /** SIGTERM; what it still has to say is read. */
  public void terminate() {
    // Process.destroy would close its output too.
    process.toHandle().destroy();
  }

  /** Waits for its end. */
  public int exitStatus() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("still running:\n" + output());
      }
      reader.join(PATIENCE.toMillis());
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void assertAlive() {
    if (!process.isAlive()) {
      throw new AssertionError("ended with " + process.exitValue() + ":\n" + output());
    }
  }

  private Optional<Matcher> match() {
    return lines.stream().map(READY::matcher).filter(Matcher::find).findFirst();
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("output lost: " + e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
