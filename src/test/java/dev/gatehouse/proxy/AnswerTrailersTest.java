package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.RawHttp2;
import dev.gatehouse.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the app sends behind a body (RFC 9110 §6.5), and what of it a client gets. */
@Timeout(60)
class AnswerTrailersTest {
  private static final String HOST = "Host: app.example\r\n";
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String BODY = "3\r\nabc\r\n0\r\n";
  private static final String WANTED = "TE: trailers\r\nConnection: close, TE\r\n\r\n";

  private volatile String answer = CHUNKED + BODY + "X-Sum: 1\r\n\r\n";

  /** What comes when the client has seen the rest. */
  private volatile String later = "";

  private final CountDownLatch seen = new CountDownLatch(1);
  private RawUpstream app;
  private Door door;

  @BeforeEach
  void open() {
    app =
        new RawUpstream(
            call -> {
              call.body();
              if (call.target().equals("/fine")) {
                call.send(RawUpstream.OK);
                return true;
              }
              String rest = later; // what the test says now, not when it has the answer
              call.send(answer);
              if (!rest.isEmpty()) {
                await(seen);
                call.send(rest);
              }
              return true;
            });
    door = Door.speakingH2c(app, Door.LIMITS);
  }

  @AfterEach
  void close() {
    Leftovers.none(door);
    door.close();
    app.close();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IOException("the client saw nothing");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private String get(String fields) {
    return RawClient.untilClosed(door.port(), "GET / HTTP/1.1\r\n" + HOST + fields).text();
  }

  @Test
  @Rule("TH-HTTP-1")
  void theyReachAClientThatTakesThem() {
    assertThat(get(WANTED)).endsWith("\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n");
    assertThat(app.calls().get(0).fields("TE")).containsExactly("trailers");
    assertThat(app.calls().get(0).fields("Connection")).containsExactly("TE");

    door.rest();
    assertThat(get("TE: gzip;q=0.5, Trailers\r\nConnection: close\r\n\r\n"))
        .endsWith("0\r\nX-Sum: 1\r\n\r\n");
    assertThat(app.calls().get(1).fields("TE")).containsExactly("trailers");
    assertThat(app.calls().stream().map(RawUpstream.Call::socket).distinct()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "TE: gzip\r\n", "TE:\r\n", "TE: trailers;q=0\r\n", "X-TE: trailers\r\n"})
  @Rule("TH-HTTP-1")
  void noOtherClientGetsThem(String fields) {
    assertThat(get(fields + "Connection: close\r\n\r\n"))
        .endsWith("\r\n\r\nabc")
        .doesNotContain("X-Sum");
    assertThat(app.calls().get(0).fields("TE")).isEmpty();
    assertThat(app.calls().get(0).fields("Connection")).isEmpty();
  }

  @Test
  void aClientOfHttp10GetsNone() {
    String old =
        RawClient.untilClosed(door.port(), "GET / HTTP/1.0\r\n" + HOST + "TE: trailers\r\n\r\n")
            .text();

    assertThat(old).endsWith("\r\n\r\nabc");
    assertThat(app.calls().get(0).fields("TE")).isEmpty();
  }

  @Test
  @Rule("TH-HTTP-5")
  void aClientOfHttp2GetsThemAsFieldsBehindItsData() {
    try (RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/", "te", "trailers");
      RawHttp2.Stream given = client.await(1);
      assertThat(given.status()).isEqualTo(200);
      assertThat(given.text()).isEqualTo("abc");
      assertThat(given.trailers.get("x-sum")).isEqualTo("1");
      assertThat(given.fields.contains("x-sum")).isFalse();

      client.get(3, "/");
      assertThat(client.await(3).text()).isEqualTo("abc");
      assertThat(client.stream(3).trailers.size()).isZero();
      assertThat(client.stream(3).ended).isTrue();
    }
  }

  @Test
  @Rule("TH-HTTP-1")
  @Rule("TH-SES-6")
  void whatTheHeadMayNotHaveTheyMayNotEither() {
    answer =
        CHUNKED.replace("\r\n\r\n", "\r\nConnection: X-Hop\r\n\r\n")
            + BODY
            + "X-Hop: mallory\r\nSet-Cookie: a=mallory\r\nX-Drop: mallory\r\nX-Change: mallory\r\n"
            + "Vary: mallory\r\nCache-Control: mallory\r\nX-Sum: 1\r\n\r\n";

    assertThat(get(WANTED)).endsWith("0\r\nX-Sum: 1\r\n\r\n").doesNotContain("mallory");

    answer = CHUNKED + BODY + "Set-Cookie: a=mallory\r\n\r\n";
    assertThat(get(WANTED)).endsWith("0\r\n\r\n").doesNotContain("mallory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        CHUNKED + "3\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\n\r\n",
      })
  void answersWithoutAnyAreWhatTheyWere(String plain) {
    answer = plain;
    try (Wire wire = door.wire()) {
      for (int i = 0; i < 2; i++) {
        door.rest();
        String ask = "GET / HTTP/1.1\r\n" + HOST + "TE: trailers\r\nConnection: TE\r\n\r\n";
        assertThat(wire.send(ask).read("GET").orElseThrow().text())
            .isEqualTo(plain.contains("abc") ? "abc" : "");
      }
    }
    assertThat(app.calls().stream().map(RawUpstream.Call::socket).distinct()).hasSize(1);
  }

  @Test
  void anAnswerToHeadHasNone() {
    answer = CHUNKED;
    try (Wire wire = door.wire()) {
      String ask = " HTTP/1.1\r\n" + HOST + "TE: trailers\r\nConnection: TE\r\n\r\n";
      assertThat(wire.send("HEAD /" + ask).read("HEAD").orElseThrow().status()).isEqualTo(200);
      assertThat(wire.send("GET /fine" + ask).read("GET").orElseThrow().text()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Sum : 1\r\n\r\n",
        "X-Sum: 1\r\n X-Fold: 2\r\n\r\n",
        "X-Sum: 1\0\r\n\r\n",
        "X\0Sum: 1\r\n\r\n",
        "X-Sum: \u0001\r\n\r\n",
        ": 1\r\n\r\n",
        "X-Sum: 1\rX-Cr: 2\r\n\r\n",
        "large",
        "many",
      })
  @Rule("TH-HTTP-4")
  @Rule("TH-HTTP-13")
  void malformedOnesBreakTheAnswerOff(String kind) throws IOException {
    String section =
        switch (kind) {
          case "large" -> "X-Sum: " + "x".repeat(5000) + "\r\n\r\n";
          case "many" -> "X: 1\r\n".repeat(101) + "\r\n";
          default -> kind;
        };
    answer = CHUNKED + BODY + section;
    assertThat(get(WANTED)).doesNotContain("X-Sum", "\r\n0\r\n");

    answer = CHUNKED + "3\r\nabc\r\n";
    later = "0\r\n" + section;
    try (Socket socket = RawClient.connect(door.port())) {
      socket.getOutputStream().write(("GET / HTTP/1.1\r\n" + HOST + WANTED).getBytes(ISO_8859_1));
      ByteArrayOutputStream given = new ByteArrayOutputStream();
      RawClient.readUntil(socket.getInputStream(), given, "abc");
      seen.countDown();
      RawClient.readAll(socket.getInputStream(), given);
      assertThat(given.toString(ISO_8859_1)).doesNotContain("X-Sum", "\r\n0\r\n");
    }

    try (RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/", "te", "trailers");
      RawHttp2.Stream cut = client.await(1);
      assertThat(cut.reset != null || cut.status() == 502).as("%s", cut).isTrue();
      client.get(3, "/fine");
      assertThat(client.await(3).text()).isEqualTo("ok");
    }
  }

  @Test
  void longOnesPass() {
    String section = "X-Sum: " + "x".repeat(3900) + "\r\n";
    answer = CHUNKED + BODY + section + "\r\n";
    assertThat(get(WANTED)).endsWith("0\r\n" + section + "\r\n");

    section = "X: 1\r\n".repeat(100);
    answer = CHUNKED + BODY + section + "\r\n";
    assertThat(get(WANTED)).endsWith("0\r\n" + section + "\r\n");
  }

  /** Nothing of the request is left to read, and the app has answered without having read it. */
  @Test
  @Rule("TH-HTTP-13")
  void theyPassBehindAnAnswerToAnUpload() {
    assertThat(
            RawClient.untilClosed(
                    door.port(),
                    "POST / HTTP/1.1\r\n"
                        + HOST
                        + "Transfer-Encoding: chunked\r\n"
                        + WANTED
                        + "3\r\nabc\r\n0\r\nX-Sum: 2\r\n\r\n")
                .text())
        .endsWith("0\r\nX-Sum: 1\r\n\r\n");
    assertThat(app.calls().get(0).trailers()).isEqualTo("X-Sum: 2\n");
  }
}
