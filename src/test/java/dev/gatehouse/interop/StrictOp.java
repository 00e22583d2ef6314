package dev.gatehouse.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testkit.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * npm's {@code oidc-provider} as {@code src/test/node/strict-op.js} sets it up. It knows the users
 * {@code alice} and {@code bob}, whose passwords are any.
 */
final class StrictOp implements AutoCloseable {
  private static final Path HOME = Path.of("src/test/node");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final List<Map<String, Object>> events = new CopyOnWriteArrayList<>();

  private StrictOp(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "strict-op-output");
    reader.setDaemon(true);
    reader.start();
  }

  static StrictOp start() {
    if (!Files.isDirectory(HOME.resolve("node_modules/oidc-provider"))) {
      throw new IllegalStateException(
          "oidc-provider is not installed; run src/build/test, or npm ci in " + HOME);
    }
    try {
      Path log = Files.createDirectories(Path.of("target")).resolve("strict-op.log");
      Process node =
          new ProcessBuilder("node", "strict-op.js")
              .directory(HOME.toFile())
              .redirectError(log.toFile())
              .start();
      StrictOp op = new StrictOp(node);
      await().atMost(PATIENCE).failFast(op::assertAlive).until(() -> op.count("ready") == 1);
      return op;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertAlive() {
    if (!process.isAlive()) {
      throw new AssertionError("it ended; target/strict-op.log says why");
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        events.add(Json.object(line.getBytes(UTF_8)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The issuer identifier. */
  String issuer() {
    return String.valueOf(events.get(0).get("issuer"));
  }

  /** What happened since the start. */
  List<Map<String, Object>> events() {
    return List.copyOf(events);
  }

  /** How often something happened. */
  long count(String event) {
    return events.stream().filter(e -> event.equals(e.get("event"))).count();
  }

  /** How many times that grant was taken. */
  long grants(String type) {
    return events.stream()
        .filter(e -> "grant".equals(e.get("event")) && type.equals(e.get("type")))
        .count();
  }

  /**
   * Registers a client for the gateway at {@code url} (RFC 7591); {@code more} is what it says of
   * itself besides.
   *
   * @return what the OP answers, {@code client_id} and {@code client_secret} above all
   */
  Map<String, Object> register(String url, Map<String, Object> more) {
    Map<String, Object> client = new LinkedHashMap<>();
    client.put("redirect_uris", List.of(url + "/gatehouse/callback"));
    client.put("post_logout_redirect_uris", List.of(url + "/gatehouse/logged-out"));
    client.put("backchannel_logout_uri", url + "/gatehouse/backchannel-logout");
    client.put("backchannel_logout_session_required", true);
    client.put("grant_types", List.of("authorization_code", "refresh_token"));
    client.putAll(more);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(issuer() + "/reg"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(client)))
            .build();
    try {
      HttpResponse<byte[]> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 201) {
        throw new AssertionError(new String(answer.body(), UTF_8));
      }
      return Json.object(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
