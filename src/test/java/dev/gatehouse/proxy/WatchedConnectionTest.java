package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Listener;
import dev.gatehouse.testkit.TlsIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ManagedSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a client sends before it has its answer is neither lost nor looked at again and again: its
 * connection is watched though nobody waits for it just then.
 */
@Timeout(60)
class WatchedConnectionTest {
  private static final String HOST = " HTTP/1.1\r\nHost: app.example\r\n\r\n";
  private static final String LAST =
      "GET /last HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n";
  private static final int MANY = 300;
  private static final int FLOOD = 200;
  private static final int LARGE = 16 * 1024 * 1024;
  private static final String LARGE_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n";

  /** In this time a thread that goes round and round is seen to do so. */
  private static final Duration WHILE = Duration.ofMillis(150);

  @TempDir private Path folder;
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private RawUpstream app;
  private Door door;

  /** What a connection goes through before it comes to requests. */
  enum Way {
    PLAIN,
    TLS,
    PROXY_HEADER
  }

  private void open(RawUpstream.Script script) {
    app = new RawUpstream(script);
    door = Door.before(app);
  }

  private void open(Way way) throws IOException {
    app =
        new RawUpstream(
            call -> {
              call.body();
              call.send(
                  "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                      .formatted(call.target().length(), call.target()));
              return true;
            });
    Optional<GatehouseConfig.Tls> tls = way == Way.TLS ? Optional.of(keys()) : Optional.empty();
    door =
        Door.before(
            app,
            Door.LIMITS,
            tls,
            new Listener(true, true, way == Way.PROXY_HEADER, Optional.empty()),
            List.of(Cidr.parse("127.0.0.0/8").orElseThrow()));
  }

  private GatehouseConfig.Tls keys() throws IOException {
    TlsIdentity identity = TlsIdentity.selfSigned("app.example", "EC");
    Path chain = Files.writeString(folder.resolve("chain.pem"), identity.chainPem());
    return new GatehouseConfig.Tls(
        chain, Files.writeString(folder.resolve("key.pem"), identity.keyPem()));
  }

  private Socket connect(Way way) throws IOException {
    Socket socket =
        way == Way.TLS
            ? TlsIdentity.nobody(door.port(), "TLSv1.3")
            : RawClient.connect(door.port());
    if (way == Way.PROXY_HEADER) {
      send(socket, "PROXY TCP4 192.0.2.7 10.0.0.1 51234 443\r\n");
    }
    return socket;
  }

  @AfterEach
  void close() {
    go.countDown();
    door.close();
    app.close();
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  private static RawClient.Outcome rest(Socket client) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    boolean whole = RawClient.readAll(client.getInputStream(), all);
    return new RawClient.Outcome(all.toString(ISO_8859_1), !whole);
  }

  /** Sends in pieces of any size, with any pause between them. */
  private static void scatter(OutputStream out, String text, Random chance) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    try {
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at, 1 + chance.nextInt(120));
        out.write(bytes, at, length);
        at += length;
        for (int pause = chance.nextInt(2000); pause > 0; pause--) {
          Thread.onSpinWait();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestsAreHeardWheneverTheyCome(Way way) throws Exception {
    open(way);
    StringBuilder requests = new StringBuilder();
    StringBuilder targets = new StringBuilder();
    for (int i = 0; i < MANY; i++) {
      String head = "/" + i + " HTTP/1.1\r\nHost: app.example\r\n";
      requests.append(
          i % 7 == 3 ? "POST " + head + "Content-Length: 3\r\n\r\nabc" : "GET " + head + "\r\n");
      targets.append("/").append(i);
    }
    try (Socket client = connect(way)) {
      OutputStream out = client.getOutputStream();
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> scatter(out, requests + LAST, new Random(way.ordinal())));

      RawClient.Outcome outcome = rest(client);

      sent.get(20, TimeUnit.SECONDS);
      assertThat(outcome.statuses()).hasSize(MANY + 1).containsOnly(200);
      assertThat(outcome.text().replaceAll("(?s)HTTP/1.1 200.*?\r\n\r\n", ""))
          .isEqualTo(targets + "/last");
    }
  }

  private boolean answersLate(RawUpstream.Call call) throws IOException {
    call.body();
    arrived.countDown();
    awaitGo();
    call.send(RawUpstream.OK);
    return true;
  }

  private void awaitGo() throws IOException {
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** How the next request, or the end, comes while the app works on the first. */
  enum Meanwhile {
    WHOLE,
    IN_BITS,
    BEGUN,
    FLOOD,
    HALF_CLOSED
  }

  @ParameterizedTest
  @EnumSource
  void whatComesWhileTheAppWorksCostsNothingAndIsAnsweredLater(Meanwhile meanwhile)
      throws Exception {
    open(this::answersLate);
    try (Socket client = RawClient.connect(door.port())) {
      send(client, "GET /first" + HOST);
      arrived.await();
      String next = meanwhile == Meanwhile.FLOOD ? ("GET /more" + HOST).repeat(FLOOD) + LAST : LAST;
      int begun = meanwhile == Meanwhile.BEGUN ? 5 : next.length();
      if (meanwhile == Meanwhile.HALF_CLOSED) {
        client.shutdownOutput();
      } else if (meanwhile == Meanwhile.IN_BITS) {
        scatter(client.getOutputStream(), next, new Random(1));
      } else {
        send(client, next.substring(0, begun));
      }

      assertStill();

      go.countDown();
      if (begun < next.length()) {
        assertThat(client.getInputStream().read()).isEqualTo('H');
        send(client, next.substring(begun));
      }
      RawClient.Outcome outcome = rest(client);
      int answers =
          switch (meanwhile) {
            case HALF_CLOSED -> 1;
            case FLOOD -> FLOOD + 2;
            default -> 2;
          };
      assertThat(outcome.text().split("\r\n\r\nok", -1)).hasSize(answers + 1);
      assertThat(outcome.reset()).isFalse();
    }
    Leftovers.none(door);
  }

  @Test
  void aResetWhileTheAppWorksCostsNothing() throws Exception {
    open(this::answersLate);
    try (Socket client = RawClient.connect(door.port())) {
      send(client, "GET /first" + HOST);
      arrived.await();
      client.setSoLinger(true, 0);
    }

    assertStill();

    go.countDown();
    Leftovers.none(door);
  }

  @Test
  void theNextRequestWaitsForASlowClientToTakeItsAnswer() throws Exception {
    open(
        call -> {
          boolean large = call.target().equals("/large");
          call.send(large ? LARGE_HEAD : RawUpstream.OK);
          if (large) {
            call.socket().getOutputStream().write(new byte[LARGE]);
          }
          return true;
        });
    try (Socket client = RawClient.connect(door.port())) {
      client.setReceiveBufferSize(64 * 1024);
      send(client, "GET /large" + HOST);
      assertThat(client.getInputStream().read()).isEqualTo('H');
      send(client, "GET /next" + HOST + LAST);

      assertStill();

      RawClient.Outcome outcome = rest(client);
      assertThat(outcome.text()).endsWith("ok").hasSizeGreaterThan(LARGE);
      assertThat(outcome.statuses()).containsExactly(200, 200);
    }
    Leftovers.none(door);
  }

  @Test
  void theNextRequestWaitsBehindABodyThatTheAppHasNotTaken() throws Exception {
    open(
        call -> {
          arrived.countDown();
          awaitGo();
          call.body();
          call.send(RawUpstream.OK);
          return true;
        });
    try (Socket client = RawClient.connect(door.port())) {
      send(client, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " + LARGE + "\r\n\r\n");
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(() -> sendBody(client, "GET /next" + HOST + LAST));
      arrived.await();
      assertStill();
      assertThat(sent).isNotDone();

      go.countDown();
      assertThat(rest(client).statuses()).containsExactly(200, 200, 200);
      sent.get(20, TimeUnit.SECONDS);
    }
    Leftovers.none(door);
  }

  private static void sendBody(Socket client, String behind) {
    try {
      client.getOutputStream().write(new byte[LARGE]);
      send(client, behind);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void framesBehindAnUpgradeWaitForTheAppToGrantIt() throws Exception {
    open(
        call -> {
          if (call.target().equals("/fine")) {
            call.send(RawUpstream.OK);
            return true;
          }
          arrived.countDown();
          awaitGo();
          call.send(
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
          call.send(new String(call.in().readNBytes(6), ISO_8859_1));
          return false;
        });
    try (Socket client = RawClient.connect(door.port())) {
      send(
          client,
          "GET /ws HTTP/1.1\r\nHost: app.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
      arrived.await();
      send(client, "sooner");

      assertStill();

      go.countDown();
      assertThat(rest(client).text()).startsWith("HTTP/1.1 101 ").endsWith("\r\n\r\nsooner");
    }
    Leftovers.none(door);
  }

  /** Nothing wakes the gateway any more, from some moment on. */
  private void assertStill() throws InterruptedException {
    long woken = woken();
    for (int i = 0; i < 20; i++) {
      long before = woken;
      new CountDownLatch(1).await(WHILE.toMillis(), TimeUnit.MILLISECONDS);
      woken = woken();
      if (woken == before) {
        return;
      }
    }
    throw new AssertionError("the gateway has been woken " + woken + " times");
  }

  private long woken() {
    return door.server().loops().getBeans(ManagedSelector.class).stream()
        .mapToLong(ManagedSelector::getSelectCount)
        .sum();
  }
}
