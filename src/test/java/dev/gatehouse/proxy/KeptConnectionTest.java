package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a connection to the app may be silent: with a request on it, and without. */
class KeptConnectionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String GRANT =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
  private static final String ASK =
      "GET /ws HTTP/1.1\r\nHost: app.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

  private final CountDownLatch never = new CountDownLatch(1);
  private RawUpstream app;
  private Door door;

  @BeforeEach
  void listen() {
    app = new RawUpstream(this::answer);
  }

  private void open(String responseTimeout) {
    open("300ms", responseTimeout, "1m");
  }

  private void open(String keepAlive, String responseTimeout, String idleTimeout) {
    door =
        Door.reading(
            """
            upstream: %s
            limits:
              upstream-keep-alive: %s
              response-timeout: %s
              upstream-idle-timeout: %s
            """
                .formatted(app.uri(), keepAlive, responseTimeout, idleTimeout));
  }

  private boolean answer(RawUpstream.Call call) throws IOException {
    if (call.target().equals("/ws")) {
      call.send(GRANT);
      for (int b = call.in().read(); b >= 0; b = call.in().read()) {
        call.socket().getOutputStream().write(b);
      }
      return false;
    }
    try {
      if (call.target().equals("/slow")) {
        never.await(900, TimeUnit.MILLISECONDS);
      } else if (call.target().equals("/never")) {
        never.await();
      }
    } catch (InterruptedException e) {
      return false; // the test is over
    }
    call.send(RawUpstream.OK);
    return true;
  }

  @AfterEach
  void close() {
    never.countDown();
    door.close();
    app.close();
  }

  private Reply ask(Wire wire, String path) {
    door.rest();
    return wire.send("GET " + path + " HTTP/1.1\r\nHost: app.example\r\n\r\n")
        .read("GET")
        .orElseThrow();
  }

  @Test
  void aRequestMayTakeLongerThanAConnectionIsKept() {
    open("1m");
    try (Wire wire = door.wire()) {
      assertThat(ask(wire, "/").status()).isEqualTo(200);
      assertThat(ask(wire, "/slow").status()).isEqualTo(200);
      assertThat(ask(wire, "/slow").status()).isEqualTo(200);
    }
  }

  @Test
  void aSilentAppIsGivenUpOnAKeptConnectionToo() {
    open("2s");
    try (Wire wire = door.wire()) {
      assertThat(ask(wire, "/").status()).isEqualTo(200);
      assertThat(ask(wire, "/never").status()).isEqualTo(504);
    }
  }

  @Test
  void afterASlowAnswerItIsKeptNoLongerThanAfterAQuickOne() {
    open("1m");
    try (Wire wire = door.wire()) {
      for (String path : new String[] {"/", "/slow", "/"}) {
        assertThat(ask(wire, path).status()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> app.open() == 0);
      }
    }
    assertThat(app.calls()).extracting(RawUpstream.Call::socket).hasSize(3).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"1m, 100ms", "3s, 1m"})
  void aConnectionIsKeptHoweverShortTheDeadlinesOfItsRequestsAre(String response, String idle)
      throws Exception {
    open("1m", response, idle);
    try (Wire wire = door.wire()) {
      assertThat(ask(wire, "/").status()).isEqualTo(200);
      assertThat(ask(wire, "/slow").status()).isEqualTo(200);

      never.await(400, TimeUnit.MILLISECONDS);

      assertThat(ask(wire, "/").status()).isEqualTo(200);
    }
    assertThat(app.calls().stream().map(RawUpstream.Call::socket).distinct()).hasSize(1);
  }

  /** What comes before it is asked for would be taken for the next client's answer. */
  @ParameterizedTest
  @ValueSource(strings = {"H", "HTTP/1.1 200 O", "HTTP/1.1 200 OK\r\nX-Evil: 1\r\n", "\r\n"})
  @Rule("TH-HTTP-13")
  void aConnectionOnWhichTheAppSpeaksUnaskedIsDropped(String unasked) throws Exception {
    open("1m", "1m", "1m");
    try (Wire wire = door.wire()) {
      assertThat(ask(wire, "/").status()).isEqualTo(200);
      assertThat(ask(wire, "/").status()).isEqualTo(200);
      door.rest();
      assertThat(app.connections()).isEqualTo(1);

      app.calls().get(0).send(unasked);

      await().atMost(Duration.ofSeconds(5)).until(() -> app.open() == 0);
      assertThat(ask(wire, "/").text()).isEqualTo("ok");
    }
    Leftovers.none(door);
  }

  @Test
  void aTunnelHasItsOwnDeadlineOnAKeptConnectionToo() throws Exception {
    open("1m");
    try (Wire wire = door.wire();
        Socket client = RawClient.connect(door.port())) {
      assertThat(ask(wire, "/").status()).isEqualTo(200);
      client.getOutputStream().write((ASK + "one").getBytes(ISO_8859_1));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      RawClient.readUntil(client.getInputStream(), all, "one");

      never.await(900, TimeUnit.MILLISECONDS);

      client.getOutputStream().write("two".getBytes(ISO_8859_1));
      RawClient.readUntil(client.getInputStream(), all, "two");
      assertThat(app.calls()).hasSize(2);
    }
  }
}
