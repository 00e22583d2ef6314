package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.testkit.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The listener's certificate is replaced while the gateway serves. */
class CertificateChangeTest {
  private static TlsIdentity first;
  private static TlsIdentity second;

  @TempDir Path folder;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private RawUpstream app;
  private Door door;

  @BeforeAll
  static void make() {
    first = TlsIdentity.selfSigned("localhost", "EC");
    second = TlsIdentity.selfSigned("localhost", "EC");
  }

  @BeforeEach
  void open() throws IOException {
    log.start();
    root.addAppender(log);
    Path versions = Files.createDirectory(folder.resolve("..1"));
    write(versions, first.chainPem(), first.keyPem());
    // As Kubernetes mounts a secret: files are links through a link that is replaced at once.
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(folder.resolve("tls.crt"), Path.of("..data/tls.crt"));
    Files.createSymbolicLink(folder.resolve("tls.key"), Path.of("..data/tls.key"));
    app = RawUpstream.answering(RawUpstream.OK);
    door =
        Door.before(
            app.uri(),
            Door.LIMITS,
            Optional.of(
                new GatehouseConfig.Tls(folder.resolve("tls.crt"), folder.resolve("tls.key"))));
  }

  @AfterEach
  void close() {
    door.close();
    app.close();
    root.detachAppender(log);
  }

  private static void write(Path folder, String chain, String key) throws IOException {
    Files.writeString(folder.resolve("tls.crt"), chain);
    Files.writeString(folder.resolve("tls.key"), key);
  }

  private Certificate shown() throws Exception {
    try (SSLSocket socket = TlsIdentity.nobody(door.port(), "TLSv1.3")) {
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private static String get(SSLSocket socket, boolean last) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("GET / HTTP/1.1\r\nHost: a\r\n" + (last ? "Connection: close\r\n" : "") + "\r\n")
                .getBytes(ISO_8859_1));
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("\r\n\r\nok")) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        break;
      }
      answer.append((char) b);
    }
    return answer.toString();
  }

  @Test
  void aNewPairTakesOverAndOpenConnectionsGoOn() throws Exception {
    try (SSLSocket open = TlsIdentity.nobody(door.port(), "TLSv1.3")) {
      assertThat(shown()).isEqualTo(first.certificate());
      assertThat(get(open, false)).startsWith("HTTP/1.1 200 ");

      Path versions = Files.createDirectory(folder.resolve("..2"));
      write(versions, second.chainPem(), second.keyPem());
      Files.createSymbolicLink(folder.resolve("..new"), Path.of("..2"));
      Files.move(folder.resolve("..new"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      door.server().lookAtCertificate();

      assertThat(shown()).isEqualTo(second.certificate());
      assertThat(get(open, true)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void noHandshakeIsLostMeanwhile() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService client = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> handshakes =
          client.submit(
              () -> {
                int count = 0;
                while (!done.get() || count < 5) {
                  assertThat(shown()).isIn(first.certificate(), second.certificate());
                  count++;
                }
                return count;
              });
      for (int i = 0; i < 20; i++) {
        TlsIdentity next = i % 2 == 0 ? second : first;
        write(folder.resolve("..1"), next.chainPem(), next.keyPem());
        door.server().lookAtCertificate();
      }
      done.set(true);
      assertThat(handshakes.get()).isGreaterThanOrEqualTo(5);
    } finally {
      client.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mismatch", "no certificate", "no key", "empty", "missing", "half"})
  void aBrokenPairStaysOutAndTheLogSaysWhich(String how) throws Exception {
    Path data = folder.resolve("..1");
    switch (how) {
      case "mismatch" -> write(data, second.chainPem(), first.keyPem());
      case "no certificate" -> write(data, "hello", first.keyPem());
      case "no key" -> write(data, second.chainPem(), "hello");
      case "empty" -> write(data, "", "");
      case "half" ->
          write(data, second.chainPem().substring(0, 200), second.keyPem().substring(0, 60));
      default -> Files.delete(data.resolve("tls.key"));
    }
    door.server().lookAtCertificate();
    door.server().lookAtCertificate();

    assertThat(shown()).isEqualTo(first.certificate());
    assertThat(log.list)
        .filteredOn(event -> event.getFormattedMessage().startsWith("tls "))
        .as("told once")
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getLevel().levelStr).isEqualTo("WARN");
              assertThat(event.getFormattedMessage())
                  .contains(folder.resolve("tls.crt").toString(), "stays in use")
                  .doesNotContain("BEGIN");
            });

    write(data, second.chainPem(), second.keyPem());
    door.server().lookAtCertificate();
    assertThat(shown()).as("mended").isEqualTo(second.certificate());
  }
}
