package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo as users start it: {@code java -jar gatehouse-demo.jar}. */
public final class DemoProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;
  private static final Pattern OPEN = Pattern.compile("Open in a browser: +(http://\\S+?)/\\s");

  private final Process process;
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private final CompletableFuture<String> output;
  private final CompletableFuture<String> errors;

  private DemoProcess(Process process) {
    this.process = process;
    output = CompletableFuture.supplyAsync(this::readOutput);
    errors = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
  }

  /**
   * Starts it.
   *
   * @param temporary for its temporary files
   */
  public static DemoProcess start(Path temporary, String... options) throws IOException {
    String jar = System.getProperty("gatehouse.demo.jar", "target/gatehouse-demo.jar");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of("-jar", jar));
    command.addAll(List.of(options));
    return new DemoProcess(new ProcessBuilder(command).start());
  }

  /** What it printed until it was ready; fails where it ends before. */
  public String ready() {
    return await(ready);
  }

  /** What it tells the user to open, without the slash at the end. */
  public String url() {
    Matcher url = OPEN.matcher(ready());
    assertThat(url.find()).as("the line that says what to open in %s", ready()).isTrue();
    return url.group(1);
  }

  /** Asks it to stop, with SIGTERM. */
  public DemoProcess terminate() {
    // Process.destroy would shut the streams too, before its last words are read.
    process.toHandle().destroy();
    return this;
  }

  /** Its exit code, when it has ended. */
  public int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it has ended").isTrue();
    return process.exitValue();
  }

  /** All that it printed on standard output; waits for its end. */
  public String output() {
    return await(output);
  }

  /** All that it printed on standard error; waits for its end. */
  public String errors() {
    return await(errors);
  }

  /** Ends it, whatever it does. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  private String readOutput() {
    StringBuilder seen = new StringBuilder();
    try (BufferedReader reader = process.inputReader(UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        seen.append(line).append('\n');
        if (line.startsWith("Ready.")) {
          ready.complete(seen.toString());
        }
      }
    } catch (IOException e) {
      throw new AssertionError("the output cannot be read", e);
    } finally {
      ready.completeExceptionally(new AssertionError("ended before it was ready: " + seen));
    }
    return seen.toString();
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new AssertionError("the errors cannot be read", e);
    }
  }

  private static String await(CompletableFuture<String> text) {
    try {
      return text.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the demo did not say what it should", e);
    }
  }
}
