package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig.Limits.Tunnels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The opening handshake of RFC 6455 and the two connections behind it. */
@Timeout(60)
class WebSocketTest {
  private static final String ASK =
      "GET /ws HTTP/1.1\r\nHost: app.example\r\nUpgrade: websocket\r\n"
          + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
          + "Sec-WebSocket-Version: 13\r\n\r\n";
  private static final String GRANT =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

  private final CountDownLatch appEnd = new CountDownLatch(1);
  private volatile String grant = GRANT;
  private RawUpstream app;
  private Door door;

  @BeforeEach
  void open() {
    app =
        new RawUpstream(
            call -> {
              call.body();
              boolean asked = !call.fields("Upgrade").isEmpty();
              call.send(asked ? grant : RawUpstream.OK);
              return !asked || !grant.contains(" 101 ") || echo(call);
            });
    door = Door.before(app);
  }

  /** Sends back all that comes, until the gateway ends the connection. */
  private boolean echo(RawUpstream.Call call) throws IOException {
    try {
      byte[] buffer = new byte[8192];
      for (int n = call.in().read(buffer); n >= 0; n = call.in().read(buffer)) {
        call.socket().getOutputStream().write(buffer, 0, n);
      }
    } finally {
      appEnd.countDown();
    }
    return false;
  }

  @AfterEach
  void close() {
    door.close();
    app.close();
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  private static String read(Socket client, int length) throws IOException {
    return new String(client.getInputStream().readNBytes(length), ISO_8859_1);
  }

  private static String head(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("cut within the head: " + head);
      }
      head.write(b);
    }
    return head.toString(ISO_8859_1);
  }

  @Test
  @Rule("TH-HTTP-11")
  void bytesPassBothWaysAfterTheAppHasGranted() throws IOException {
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK);

      String head = head(client);
      assertThat(head)
          .startsWith("HTTP/1.1 101 ")
          .containsIgnoringCase("\r\nUpgrade: websocket\r\n")
          .containsIgnoringCase("\r\nConnection: Upgrade\r\n")
          .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      send(client, "one");
      assertThat(read(client, 3)).isEqualTo("one");
      String large = "x".repeat(100_000);
      send(client, large);
      assertThat(read(client, 100_000)).isEqualTo(large);
    }
    RawUpstream.Call call = app.calls().get(0);
    assertThat(call.fields("Upgrade")).containsExactly("websocket");
    assertThat(call.fields("Connection")).containsExactly("Upgrade");
    assertThat(call.fields("X-Gatehouse-User")).containsExactly(TestGate.USER);
  }

  @Test
  void bytesRightBehindTheHandshakeAreNotLost() throws IOException {
    grant = GRANT + "early";
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK + "sooner");

      assertThat(head(client)).startsWith("HTTP/1.1 101 ");
      assertThat(read(client, 11)).contains("early", "sooner");
    }
  }

  @Test
  void anEndOnOneSideEndsTheOther() throws Exception {
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK);
      head(client);
    }

    assertThat(appEnd.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void openTunnelsAreCounted() throws IOException {
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK);
      head(client);
      send(client, "one");
      assertThat(read(client, 3)).isEqualTo("one");

      assertThat(metrics()).contains("gatehouse_tunnels_open 1.0");
    }

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(metrics()).contains("gatehouse_tunnels_open 0.0"));
  }

  private String metrics() {
    return door.metrics().exposition(Optional.empty()).text();
  }

  @Test
  @Rule("TH-HTTP-11")
  void theTunnelEndsWithTheSession() throws Exception {
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK);
      head(client);
      send(client, "x");
      assertThat(read(client, 1)).isEqualTo("x");

      door.gate().endSession();

      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      RawClient.readAll(client.getInputStream(), rest);
      assertThat(rest.size()).isZero();
      assertThat(appEnd.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  @Rule("TH-HTTP-11")
  void aTunnelOfWhichNobodyCanTellEnds() throws Exception {
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK);
      head(client);
      send(client, "x");
      assertThat(read(client, 1)).isEqualTo("x");

      door.gate().loseSessions();

      assertThat(appEnd.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  @Rule("TH-SES-5")
  void onlyWhatTheClientSendsCountsAsUse() throws Exception {
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK);
      head(client);
      send(client, "x");
      assertThat(read(client, 1)).isEqualTo("x");
      BlockingQueue<Boolean> asked = door.gate().holdsAsked();

      // On a slow machine there was a question before the client had sent anything.
      Boolean used = false;
      while (Boolean.FALSE.equals(used)) {
        used = asked.poll(20, TimeUnit.SECONDS);
      }
      assertThat(used).isTrue();
      assertThat(asked.poll(20, TimeUnit.SECONDS)).isFalse();
    }
  }

  @Test
  void aRefusalOfTheAppIsAnOrdinaryAnswer() throws IOException {
    grant = "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno";
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK);

      assertThat(head(client)).startsWith("HTTP/1.1 403 ");
      assertThat(read(client, 2)).isEqualTo("no");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            + "Sec-WebSocket-Protocol: unasked\r\n\r\n"
      })
  void aGrantOfSomethingElseGets502(String other) throws IOException {
    grant = other;
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK);

      assertThat(head(client)).startsWith("HTTP/1.1 502 ");
    }
    Leftovers.none(door);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 403, 404, 426})
  void theAppMayHaveOtherAnswers(int status) throws IOException {
    grant = "HTTP/1.1 " + status + " X\r\nSec-WebSocket-Version: 13\r\nContent-Length: 2\r\n\r\nno";
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK);

      assertThat(head(client)).startsWith("HTTP/1.1 " + status).contains("Sec-WebSocket-Version");
      assertThat(read(client, 2)).isEqualTo("no");
    }
    Leftovers.none(door);
  }

  @Test
  void aHandshakeWithoutKeyIsNone() {
    RawClient.Outcome outcome =
        RawClient.untilClosed(
            door.port(),
            ASK.replace("keep-alive, Upgrade", "close, Upgrade")
                .replace("Sec-WebSocket-Key", "X-No-Key"));

    assertThat(outcome.statuses()).containsExactly(200);
    assertThat(app.calls().get(0).fields("Upgrade")).isEmpty();
  }

  @Test
  void aSubprotocolThatWasAskedForPasses() throws IOException {
    grant = GRANT.replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat\r\n\r\n");
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK.replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol: soap, chat\r\n\r\n"));

      assertThat(head(client)).contains("Sec-WebSocket-Protocol: chat");
    }
    Leftovers.none(door);
  }

  @Test
  void whoSaysNoMoreStillHearsTheOther() throws IOException {
    try (Socket client = RawClient.connect(door.port())) {
      send(client, ASK);
      head(client);
      send(client, "x".repeat(100_000) + "last");
      client.shutdownOutput();

      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      assertThat(RawClient.readAll(client.getInputStream(), rest)).isTrue();
      assertThat(rest.toString(ISO_8859_1)).hasSize(100_004).endsWith("last");
    }
    Leftovers.none(door);
  }

  @Test
  @Rule("TH-DOS-10")
  void aTunnelOnWhichNothingMovesEnds() throws IOException {
    Tunnels tight = new Tunnels(Duration.ofSeconds(1), Duration.ofSeconds(60));
    try (Door strict = Door.before(app, Door.limits(Door.tunnels(tight)));
        Socket client = RawClient.connect(strict.port())) {
      send(client, ASK);
      head(client);
      send(client, "x");
      assertThat(read(client, 1)).isEqualTo("x");

      assertThat(client.getInputStream().read()).isNegative();

      Leftovers.none(strict);
    }
  }

  @Test
  void whoDoesNotReadHoldsTheOtherBack() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (RawUpstream flood =
            new RawUpstream(
                call -> {
                  if (call.fields("Upgrade").isEmpty()) {
                    call.send(RawUpstream.OK);
                    return true;
                  }
                  call.send(GRANT);
                  byte[] block = new byte[64 * 1024];
                  while (true) {
                    call.socket().getOutputStream().write(block);
                    sent.addAndGet(block.length);
                  }
                });
        Door before = Door.before(flood)) {
      try (Socket client = RawClient.connect(before.port())) {
        send(client, ASK);
        head(client);

        // Between two looks without a byte everybody's buffers are full.
        AtomicLong seen = new AtomicLong(-1);
        await()
            .pollInterval(Duration.ofMillis(400))
            .atMost(Duration.ofSeconds(20))
            .until(() -> sent.get() > 0 && seen.getAndSet(sent.get()) == sent.get());
        assertThat(sent.get()).isLessThan(24L * 1024 * 1024);
        assertThat(before.server().inventory().buffers()).isLessThanOrEqualTo(4);
      }
      Leftovers.none(before);
    }
  }

  @Test
  @Rule("TH-HTTP-11")
  void noOtherProtocolIsUpgradedTo() {
    for (String asked :
        new String[] {
          ASK.replace("Upgrade: websocket", "Upgrade: h2c"),
          ASK.replace("Upgrade: websocket", "Upgrade: websocket, h2c"),
          ASK.replace("GET", "DELETE")
        }) {
      app.calls().clear();

      RawClient.Outcome outcome =
          RawClient.untilClosed(
              door.port(), asked.replace("keep-alive, Upgrade", "close, Upgrade"));

      assertThat(outcome.statuses()).containsExactly(200);
      assertThat(app.calls()).hasSize(1);
      assertThat(app.calls().get(0).fields("Upgrade")).isEmpty();
    }
  }
}
