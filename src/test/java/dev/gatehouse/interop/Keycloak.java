package dev.gatehouse.interop;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

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

  private final Process process;
  private final int port;

  private Keycloak(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static Keycloak start() {
    Path home = home();
    try (InputStream realm = Keycloak.class.getResourceAsStream("/keycloak/gatehouse-realm.json")) {
      Path imports = Files.createDirectories(home.resolve("data").resolve("import"));
      Files.copy(
          realm, imports.resolve("gatehouse-realm.json"), StandardCopyOption.REPLACE_EXISTING);
      int port = freePort();
      Keycloak keycloak = new Keycloak(run(home, port), port);
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
            "--features-disabled=admin");
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
    return "http://127.0.0.1:" + port + "/realms/gatehouse";
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
