package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent a second time, and what never is. */
class SentAgainTest {
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    open.add(closeable);
    return closeable;
  }

  /**
   * Answers the first request of each connection and says nothing but {@code last} to the second.
   */
  private RawUpstream closing(String last, AtomicInteger seconds) {
    Map<Socket, Integer> served = new ConcurrentHashMap<>();
    return keep(
        new RawUpstream(
            call -> {
              call.body();
              if (served.merge(call.socket(), 1, Integer::sum) == 1) {
                call.send(RawUpstream.OK);
                return true;
              }
              seconds.incrementAndGet();
              call.send(last);
              return false;
            }));
  }

  /** Sends once a connection is kept, which the priming request may still hold. */
  private static String meeting(Door door, RawUpstream app, Supplier<String> send) {
    await().until(() -> door.server().inventory().apps() == 0);
    app.calls().clear();
    return send.get();
  }

  private static String all(Door door, String method, String more) {
    return RawClient.untilClosed(
            door.port(),
            method + " /x HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n" + more)
        .text();
  }

  private static Reply send(Door door, String method, String more) throws IOException {
    try (Wire wire = door.wire()) {
      return wire.send(method + " /x HTTP/1.1\r\nHost: app.example\r\n" + more)
          .read(method)
          .orElseThrow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
  void whatHasNoEffectIsSentAgainOnceOnAFreshConnection(String method) throws IOException {
    AtomicInteger seconds = new AtomicInteger();
    RawUpstream app = closing("", seconds);
    Door door = keep(Door.before(app));
    assertThat(send(door, "GET", "\r\n").status()).isEqualTo(200);

    assertThat(meeting(door, app, () -> all(door, method, "\r\n"))).startsWith("HTTP/1.1 200");

    assertThat(seconds).hasValue(1);
    assertThat(app.calls()).hasSize(2);
    assertThat(app.calls().get(0).socket()).isNotSameAs(app.calls().get(1).socket());
    assertThat(app.calls().get(1).fields("Connection")).containsExactly("close");
    assertThat(door.metrics().exposition(Optional.empty()).text())
        .contains("gatehouse_upstream_repeats_total{reason=\"connection-closed\"} 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | Content-Length: 0",
        "POST | Content-Length: 1",
        "PUT | Content-Length: 0",
        "PATCH | Content-Length: 0",
        "DELETE | X-A: b",
        "PROPFIND | X-A: b",
        "GET | Content-Length: 1",
        "GET | Connection: Upgrade, x;Upgrade: websocket;Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
      })
  void whatMayHaveAnEffectIsNot(String method, String fields) throws IOException {
    AtomicInteger seconds = new AtomicInteger();
    RawUpstream app = closing("", seconds);
    Door door = keep(Door.before(app));
    assertThat(send(door, "GET", "\r\n").status()).isEqualTo(200);

    String body = fields.contains("Length: 1") ? "x" : "";
    String answer =
        meeting(
            door,
            app,
            () ->
                RawClient.untilClosed(
                        door.port(),
                        method
                            + " /x HTTP/1.1\r\nHost: app.example\r\n"
                            + (fields.contains("Upgrade") ? "" : "Connection: close\r\n")
                            + fields.replace(";", "\r\n")
                            + "\r\n\r\n"
                            + body
                            + (fields.contains("Upgrade")
                                ? "GET /refused HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n"
                                : ""))
                    .text());

    assertThat(answer).startsWith("HTTP/1.1 502");
    assertThat(seconds).hasValue(1);
    assertThat(app.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "H",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 103 Early Hints\r\n\r\n",
        "nonsense\r\n\r\n"
      })
  void nothingIsSentAgainAfterAByteOfAnAnswer(String begun) throws IOException {
    AtomicInteger seconds = new AtomicInteger();
    RawUpstream app = closing(begun, seconds);
    Door door = keep(Door.before(app));
    assertThat(send(door, "GET", "\r\n").status()).isEqualTo(200);

    String answer = meeting(door, app, () -> all(door, "GET", "\r\n"));

    assertThat(answer).contains("HTTP/1.1 502");
    assertThat(seconds).hasValue(1);
    assertThat(app.calls()).hasSize(1);
  }

  @Test
  void aSecondSilenceIsTheEndOfIt() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    RawUpstream app =
        keep(
            new RawUpstream(
                call -> {
                  if (calls.incrementAndGet() == 1) {
                    call.send(RawUpstream.OK);
                    return true;
                  }
                  return false;
                }));
    Door door = keep(Door.before(app));
    assertThat(send(door, "GET", "\r\n").status()).isEqualTo(200);

    await().until(() -> door.server().inventory().apps() == 0);
    assertThat(send(door, "GET", "\r\n").status()).isEqualTo(502);
    assertThat(app.calls()).hasSize(3);
  }
}
