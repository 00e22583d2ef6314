package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig.Limits.Pace;
import dev.gatehouse.testkit.Wire;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left in the gateway of clients that vanish, or hardly move: nothing. */
@Timeout(60)
class ClientFaultTest {
  private static final String HOST = " HTTP/1.1\r\nHost: app.example\r\n";
  private static final String UPGRADE =
      "GET /tunnel"
          + HOST
          + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

  private final CountDownLatch over = new CountDownLatch(1);
  private RawUpstream app;
  private Door door;

  @BeforeEach
  void open() {
    app = new RawUpstream(this::answer);
    door = Door.before(app, Door.limits(Door.pace(new Pace(20_000_000, Duration.ofMillis(300)))));
  }

  @AfterEach
  void close() {
    over.countDown();
    door.close();
    app.close();
  }

  private boolean answer(RawUpstream.Call call) throws IOException {
    switch (call.target()) {
      case "/endless" -> {
        call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
        while (true) {
          call.send(chunk);
        }
      }
      case "/silent" -> {
        call.body();
        try {
          over.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        return false;
      }
      case "/tunnel" -> {
        call.send(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
        call.in().transferTo(call.socket().getOutputStream());
        return false;
      }
      default -> {
        call.body();
        call.send(RawUpstream.OK);
        return true;
      }
    }
  }

  private static String request(String which) {
    return switch (which) {
      case "head" -> "GET /fine" + HOST + "X-Long: xxx";
      case "upload" -> "POST /fine" + HOST + "Content-Length: 1000000\r\n\r\n" + "x".repeat(70_000);
      case "chunks" ->
          "POST /fine" + HOST + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n4\r\na";
      case "peek" -> "POST /peek" + HOST + "Content-Length: 1000000\r\n\r\n" + "x".repeat(70_000);
      case "form" -> "POST /form" + HOST + "Content-Length: 10\r\n\r\nabc";
      case "download" -> "GET /endless" + HOST + "\r\n";
      case "waiting" -> "GET /silent" + HOST + "\r\n";
      case "pipelined" -> ("GET /fine" + HOST + "\r\n").repeat(50) + "GET /fine" + HOST;
      case "tunnel" -> UPGRADE + "hello";
      default -> throw new IllegalArgumentException(which);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "head, true", "head, false",
    "upload, true", "upload, false",
    "chunks, true", "chunks, false",
    "peek, true", "peek, false",
    "form, true", "form, false",
    "download, true", "download, false",
    "waiting, true", "waiting, false",
    "pipelined, true", "pipelined, false",
    "tunnel, true", "tunnel, false"
  })
  void nothingIsLeftOfAClientThatVanishes(String where, boolean reset) throws IOException {
    for (int i = 0; i < 5; i++) {
      Socket client = RawClient.connect(door.port());
      client.getOutputStream().write(request(where).getBytes(ISO_8859_1));
      if (where.equals("download") || where.equals("tunnel")) {
        assertThat(client.getInputStream().readNBytes(1)).hasSize(1);
      }
      if (reset) {
        client.setSoLinger(true, 0);
      }
      client.close();
    }
    if (where.equals("waiting")) {
      over.countDown(); // an app that has begun is not called off, its answer finds nobody
    }

    Leftovers.none(door);
  }

  @Test
  @Rule("TH-DOS-10")
  void aClientThatHardlyTakesItsAnswerIsCut() throws IOException {
    try (Socket client = new Socket()) {
      client.setReceiveBufferSize(32 * 1024);
      client.connect(new java.net.InetSocketAddress("127.0.0.1", door.port()));
      client.setSoTimeout(20_000);
      client.getOutputStream().write(request("download").getBytes(ISO_8859_1));
      byte[] few = new byte[20_000];

      await()
          .pollInterval(Duration.ofMillis(30))
          .atMost(Duration.ofSeconds(20))
          .until(() -> ended(client, few));
    }
    Leftovers.none(door);
  }

  private static boolean ended(Socket client, byte[] few) {
    try {
      return client.getInputStream().read(few) < 0;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  @Rule("TH-DOS-10")
  void anUploadThatDripsIsCutAndTheNextClientIsFine() {
    try (Wire wire = door.wire()) {
      wire.send("POST /fine" + HOST + "Content-Length: 1000000\r\n\r\n");

      await()
          .pollInterval(Duration.ofMillis(100))
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                wire.send("x");
                return door.gate().failures().contains("body-too-slow");
              });

      assertThat(wire.read("POST").orElseThrow().status()).isEqualTo(408);
    }
    Leftovers.none(door);
  }
}
