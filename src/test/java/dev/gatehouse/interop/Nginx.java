package dev.gatehouse.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.Scene;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Debian's nginx with the shipped example, on loopback and without TLS. */
final class Nginx implements AutoCloseable {
  private static final Path EXAMPLE = Path.of("conf", "forward-auth-nginx.conf");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final Path log;

  /** nginx cannot say which port it was given. */
  private final HeldPort port;

  private Nginx(Process process, Path log, HeldPort port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /**
   * Starts it and waits until it serves.
   *
   * @param directory an empty one, for all its files
   */
  static Nginx start(Path directory, int gatewayPort, int appPort) {
    HeldPort port = HeldPort.take();
    try {
      Path file = directory.resolve("nginx.conf");
      Files.writeString(file, configuration(directory, port.number(), gatewayPort, appPort));
      Path log = directory.resolve("error.log");
      Process process =
          new ProcessBuilder(
                  executable(), "-p", directory.toString(), "-c", file.toString(), "-e", "stderr")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Nginx nginx = new Nginx(process, log, port);
      await().atMost(PATIENCE).failFast(nginx::assertAlive).until(nginx::serves);
      return nginx;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String executable() {
    return Optional.ofNullable(System.getenv("NGINX"))
        .filter(path -> !path.isEmpty())
        .orElse("/usr/sbin/nginx");
  }

  /** The example as it is, but for addresses and the certificate that nobody here has. */
  private static String configuration(Path directory, int port, int gatewayPort, int appPort)
      throws IOException {
    String example =
        Files.readString(EXAMPLE)
            .replace("listen 443 ssl;", "listen 127.0.0.1:" + port + ";")
            .replaceAll("(?m)^ *(listen \\[::].*|listen 80;|ssl_.*)$", "")
            .replace("listen 80;", "")
            .replace("server 127.0.0.1:8443;", "server 127.0.0.1:" + gatewayPort + ";")
            .replace("server 127.0.0.1:8080;", "server 127.0.0.1:" + appPort + ";");
    // Without "listen" the redirect from port 80 would listen there all the same.
    String withoutRedirect = example.replaceFirst("(?s)server \\{\\s*server_name.*?\\n}\\n", "");
    return """
    daemon off;
    master_process off;
    pid %1$s/nginx.pid;
    events {}
    http {
      access_log off;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      %2$s
    }
    """
        .formatted(directory, withoutRedirect);
  }

  private boolean serves() {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port.number())) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private void assertAlive() {
    if (!process.isAlive()) {
      throw new AssertionError("nginx ended with " + process.exitValue() + ":\n" + output());
    }
  }

  /** What it has complained about. */
  String output() {
    try {
      return Files.readString(log, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A browser that has never been here. */
  Browser browser() {
    return new Browser(Scene.PUBLIC_URL, port.number());
  }

  @Override
  public void close() {
    port.close();
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
