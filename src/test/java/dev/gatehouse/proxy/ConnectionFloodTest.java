package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Footprint;
import dev.gatehouse.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many connections at once that want nothing, or nothing good: others do not notice. */
@Timeout(60)
final class ConnectionFloodTest {
  private static final int MANY = 1_000;

  /** More than a pool grows in a burst, and far less than there are connections. */
  private static final int THREADS = 200;

  private static final String ASK = "GET / HTTP/1.1\r\nHost: app.example\r\n\r\n";

  private final List<Socket> crowd = new ArrayList<>();
  private RawUpstream app;
  private Door door;
  private Footprint before;

  @BeforeEach
  void open() throws IOException {
    app = RawUpstream.answering(RawUpstream.OK);
    // None of the crowd is cut while it is being looked at.
    Duration patience = Duration.ofMinutes(2);
    door = Door.before(app, ChangedLimits.of().headTimeout(patience).idle(patience).limits());
    // What the first requests make is made for all.
    for (int i = 0; i < 20; i++) {
      assertOthersAreServed();
    }
    enter("", 20);
    before = Footprint.now();
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : crowd) {
      socket.close();
    }
    door.close();
    app.close();
  }

  @Test
  @Rule("TH-DOS-10")
  void aThousandSlowHeadsTakeNoThread() throws IOException {
    enter("GET / HTTP/1.1\r\nHost: app.example\r\nX-Slow: ", MANY);
    for (int i = 0; i < 3; i++) {
      for (Socket socket : crowd.subList(20, crowd.size())) {
        socket.getOutputStream().write('x');
      }
      assertOthersAreServed();
    }

    assertHeldPerConnection(12 * 1024);
    assertAllIsGivenBack();
  }

  @Test
  @Rule("TH-DOS-10")
  void aThousandIdleConnectionsTakeNoThreadAndNoBuffer() throws IOException {
    enter("", MANY);
    for (Socket socket : crowd.subList(20, crowd.size())) {
      socket.getOutputStream().write(ASK.getBytes(ISO_8859_1));
      readAnswer(socket);
    }
    assertOthersAreServed();

    // Both ends of each connection are in this process.
    assertHeldPerConnection(6 * 1024);
    assertAllIsGivenBack();
  }

  @Test
  @Rule("TH-DOS-8")
  void hugeCookiesFromManyLeaveNothingBehind() throws IOException {
    byte[] huge =
        ("GET / HTTP/1.1\r\nHost: app.example\r\nCookie: c=" + "x".repeat(64 * 1024) + "\r\n\r\n")
            .getBytes(ISO_8859_1);
    for (int i = 0; i < 300; i++) {
      try (Wire wire = door.wire()) {
        // Where the answer is lost in the reset, the connection has ended all the same.
        wire.send(huge).read("GET").ifPresent(reply -> assertThat(reply.status()).isEqualTo(431));
      }
      if (i % 30 == 0) {
        assertOthersAreServed();
      }
    }

    before.assertNotGrown(3, THREADS);
  }

  private void enter(String begin, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket socket = RawClient.connect(door.port());
      crowd.add(socket);
      socket.getOutputStream().write(begin.getBytes(ISO_8859_1));
    }
  }

  private static void readAnswer(Socket socket) throws IOException {
    RawClient.readUntil(socket.getInputStream(), new ByteArrayOutputStream(), "\r\n\r\nok");
  }

  private void assertOthersAreServed() {
    long begun = System.nanoTime();
    try (Wire wire = door.wire()) {
      assertThat(wire.send(ASK).read("GET").orElseThrow().status()).isEqualTo(200);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }

  private void assertHeldPerConnection(int bytes) {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              Footprint during = Footprint.now();
              assertThat(during.threads()).isLessThan(before.threads() + THREADS);
              assertThat((during.heapBytes() - before.heapBytes()) / MANY)
                  .as("bytes for each")
                  .isLessThan(bytes);
              assertThat(during.descriptors()).isGreaterThan(before.descriptors() + MANY);
            });
  }

  private void assertAllIsGivenBack() throws IOException {
    for (Socket socket : crowd) {
      socket.close();
    }
    crowd.clear();
    before.assertNotGrown(3, THREADS);
    assertOthersAreServed();
  }
}
