package dev.gatehouse.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keycloak's own distribution, unpacked by the profile {@code full}, with the realm {@code
 * gatehouse}: the client {@code old-app}, the user {@code alice}. In memory, so that every start is
 * the first.
 */
final class Keycloak implements AutoCloseable {
  static final String CLIENT_ID = "old-app";
  static final String CLIENT_SECRET = "a-client-secret-of-the-test-realm";
  static final String USER = "alice";
  static final String PASSWORD = "alice-password";

  /** It compiles itself first, which takes a minute on a busy machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  private static final Pattern EVENT = Pattern.compile("\\btype=\"(\\w+)\"");

  private final Process process;
  private final HeldPort port;

  private Keycloak(Process process, HeldPort port) {
    this.process = process;
    this.port = port;
  }

  static Keycloak start() {
    Path home = home();
    try (InputStream realm = Keycloak.class.getResourceAsStream("/keycloak/gatehouse-realm.json")) {
      Path imports = Files.createDirectories(home.resolve("data").resolve("import"));
      Files.copy(
          realm, imports.resolve("gatehouse-realm.json"), StandardCopyOption.REPLACE_EXISTING);
      HeldPort port = HeldPort.take();
      Keycloak keycloak = new Keycloak(run(home, port.number()), port);
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .failFast(() -> keycloak.assertAlive(home))
          .until(keycloak::answers);
      return keycloak;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path home() {
    String home = System.getProperty("keycloak.home");
    if (home == null || !Files.isDirectory(Path.of(home))) {
      throw new IllegalStateException("Keycloak is not unpacked; run Maven with -Pfull");
    }
    return Path.of(home);
  }

  private static Process run(Path home, int port) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "sh",
            home.resolve("bin").resolve("kc.sh").toString(),
            "start-dev",
            "--import-realm",
            "--db=dev-mem",
            "--cache=local",
            "--http-host=127.0.0.1",
            "--http-port=" + port,
            "--features-disabled=admin",
            "--log-level=info,org.keycloak.events:debug",
            // It looks for a new key at the first signature by one that it does not know.
            "--spi-public-key-storage--infinispan--min-time-between-requests=0");
    builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx400m -XX:MaxMetaspaceSize=256m");
    // It lives for a minute or two: what is compiled best comes too late.
    builder.environment().put("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1");
    builder.redirectErrorStream(true).redirectOutput(log(home).toFile());
    return builder.start();
  }

  private static Path log(Path home) {
    return home.resolveSibling("keycloak.log");
  }

  private void assertAlive(Path home) throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError("Keycloak ended:\n" + Files.readString(log(home)));
    }
  }

  private boolean answers() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create(issuer() + "/.well-known/openid-configuration").toURL().openConnection();
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false; // not yet
    }
  }

  /** The issuer identifier of the realm. */
  String issuer() {
    return port.uri() + "/realms/gatehouse";
  }

  /**
   * Registers a client.
   *
   * @return it, with its {@code clientId} and {@code secret}
   */
  Map<String, Object> register(Map<String, Object> client) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(issuer() + "/clients-registrations/default"))
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

  /** What it has noted of a client, such as {@code REFRESH_TOKEN}, oldest first. */
  List<String> events(Object clientId) {
    try (Stream<String> lines = Files.lines(log(home()))) {
      return lines
          .filter(line -> line.contains("clientId=\"" + clientId + "\""))
          .map(EVENT::matcher)
          .filter(Matcher::find)
          .map(event -> event.group(1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    port.close();
  }
}
