package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What old clients, old apps and odd messages get. */
@Timeout(60)
class MessageEdgesTest {
  private static final String HOST = "Host: app.example\r\n";
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  private volatile String answer = RawUpstream.OK;
  private volatile byte[] body;
  private RawUpstream app;
  private Door door;

  @BeforeEach
  void open() {
    app =
        new RawUpstream(
            call -> {
              body = call.body();
              String answer = call.target().equals("/fine") ? RawUpstream.OK : this.answer;
              call.send(answer);
              return !answer.startsWith("HTTP/1.0") || answer.contains("keep-alive");
            });
    door = Door.before(app);
  }

  @AfterEach
  void close() {
    Leftovers.none(door);
    door.close();
    app.close();
  }

  @Test
  void aClientOfHttp10GetsNoChunks() {
    answer = CHUNKED + "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n";

    RawClient.Outcome old =
        RawClient.untilClosed(door.port(), "GET / HTTP/1.0\r\n" + HOST + "\r\n");

    assertThat(old.text()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nabcdef");
    assertThat(old.text().toLowerCase(Locale.ROOT)).doesNotContain("transfer-encoding");
    assertThat(old.reset()).isFalse();
  }

  @Test
  void aClientOfHttp10MayKeepItsConnection() {
    try (Wire wire = door.wire()) {
      String ask = "GET / HTTP/1.0\r\n" + HOST + "Connection: keep-alive\r\n\r\n";
      Reply first = wire.send(ask).read("GET").orElseThrow();
      Reply second = wire.send(ask).read("GET").orElseThrow();

      assertThat(first.header("Connection")).isEqualToIgnoringCase("keep-alive");
      assertThat(second.text()).isEqualTo("ok");
    }
  }

  @Test
  void anAppOfHttp10EndsItsAnswerWithItsConnection() {
    answer = "HTTP/1.0 200 OK\r\nX-Old: yes\r\n\r\nold and whole";
    try (Wire wire = door.wire()) {
      for (int i = 0; i < 3; i++) {
        Reply reply = wire.send("GET / HTTP/1.1\r\n" + HOST + "\r\n").read("GET").orElseThrow();
        assertThat(reply.text()).isEqualTo("old and whole");
        assertThat(reply.header("X-Old")).isEqualTo("yes");
      }
    }
    assertThat(app.calls()).extracting(RawUpstream.Call::socket).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void anAppOfHttp10MayOfferToKeepItsConnection() {
    answer = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nold";
    try (Wire wire = door.wire()) {
      for (int i = 0; i < 3; i++) {
        assertThat(wire.send("GET / HTTP/1.1\r\n" + HOST + "\r\n").read("GET").orElseThrow().text())
            .isEqualTo("old");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "206 Partial Content|Content-Range: bytes 2-4/10",
        "206 Partial Content|Content-Type: multipart/byteranges; boundary=x",
        "416 Range Not Satisfiable|Content-Range: bytes */10",
        "412 Precondition Failed|ETag: \"new\"",
        "207 Multi-Status|DAV: 1",
        "299 Odd|X-Odd: 1",
        "418 Teapot|X-Odd: 1",
        "599 Odd|X-Odd: 1"
      })
  void rangesAndOddStatusesPassUntouched(String line) {
    String[] parts = line.split("\\|");
    answer = "HTTP/1.1 " + parts[0] + "\r\n" + parts[1] + "\r\nContent-Length: 3\r\n\r\ncde";
    try (Wire wire = door.wire()) {
      Reply reply =
          wire.send(
                  "GET / HTTP/1.1\r\n"
                      + HOST
                      + "Range: bytes=2-4,-1\r\n"
                      + "If-Range: \"e\"\r\n"
                      + "If-None-Match: W/\"a\", \"b\"\r\n\r\n")
              .read("GET")
              .orElseThrow();

      assertThat(parts[0]).startsWith("" + reply.status());
      assertThat(reply.header(parts[1].split(":")[0])).isEqualTo(parts[1].split(": ", 2)[1]);
      assertThat(reply.text()).isEqualTo("cde");
    }
    RawUpstream.Call call = app.calls().get(0);
    assertThat(call.fields("Range")).containsExactly("bytes=2-4,-1");
    assertThat(call.fields("If-Range")).containsExactly("\"e\"");
    assertThat(call.fields("If-None-Match")).containsExactly("W/\"a\", \"b\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 3\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"})
  void answersToHeadMaySayWhatTheyLike(String framing) {
    answer = "HTTP/1.1 200 OK\r\n" + framing;
    try (Wire wire = door.wire()) {
      assertThat(
              wire.send("HEAD / HTTP/1.1\r\n" + HOST + "\r\n").read("HEAD").orElseThrow().status())
          .isEqualTo(200);
      assertThat(
              wire.send("GET /fine HTTP/1.1\r\n" + HOST + "\r\n").read("GET").orElseThrow().text())
          .isEqualTo("ok");
    }
  }

  @Test
  void nobodyIsAskedForABodyThatNoAppCanTake() {
    try (HeldPort down = HeldPort.take();
        Door other = Door.before(down.uri(), Door.LIMITS, Optional.empty());
        Wire wire = other.wire()) {
      wire.send("POST / HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");

      assertThat(wire.readHead()).startsWith("HTTP/1.1 502 ");
    }
  }

  @Test
  void aRefusalBeforeABodyKeepsTheConnectionOnlyWhereNoBodyFollows() {
    RawClient.Outcome outcome =
        RawClient.untilClosed(
            door.port(),
            "POST /refused HTTP/1.1\r\n"
                + HOST
                + "Expect: 100-continue\r\nContent-Length: 50\r\n\r\n"
                + "GET /fine HTTP/1.1\r\n"
                + HOST
                + "\r\n");

    assertThat(outcome.statuses()).containsExactly(401);
    assertThat(app.calls()).isEmpty();
  }

  @Test
  void tenThousandTinyChunksArriveBothWays() {
    answer = CHUNKED + "1\r\nx\r\n".repeat(10_000) + "0\r\n\r\n";
    try (Wire wire = door.wire()) {
      Reply reply =
          wire.send(
                  "POST / HTTP/1.1\r\n"
                      + HOST
                      + "Transfer-Encoding: chunked\r\n\r\n"
                      + "1\r\ny\r\n".repeat(10_000)
                      + "0\r\n\r\n")
              .read("POST")
              .orElseThrow();

      assertThat(reply.text()).isEqualTo("x".repeat(10_000));
      assertThat(body).hasSize(10_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3;a", "3\r\nabc\r\n0\r\nX: a"})
  @Rule("TH-DOS-10")
  void whatComesBetweenChunksHasADeadline(String begin) {
    try (Door hasty = hasty()) {
      String post = "POST /form HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
      String mended = begin.startsWith("0") ? "03\r\nabc" : begin + "\r\n";
      mended = begin.contains(";") ? mended + "abc" : mended;
      mended += begin.contains("X") ? "\r\n" : "\r\n0\r\n\r\n";
      try (Wire fine = hasty.wire()) {
        assertThat(fine.send(post + mended).read("POST").orElseThrow().text()).isEqualTo("abc");
      }

      try (Wire endless = hasty.wire()) {
        endless.send(post + begin);
        String more = begin.substring(begin.length() - 1);

        await()
            .pollInterval(Duration.ofMillis(50))
            .until(() -> endless.send(more) != null && hasty.server().inventory().clients() == 0);
      }
      Leftovers.none(hasty);
    }
  }

  @Test
  @Rule("TH-DOS-10")
  void theRestOfARefusedBodyIsNotAwaitedForEver() {
    try (Door hasty = hasty()) {
      RawClient.Outcome outcome =
          RawClient.untilClosed(
              hasty.port(),
              "POST /refused HTTP/1.1\r\n" + HOST + "Content-Length: 50\r\n\r\nbegin");

      assertThat(outcome.statuses()).containsExactly(401);
      Leftovers.none(hasty);
    }
  }

  @Test
  void aPauseBetweenChunksIsNoFault() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    try (Door hasty = hasty();
        Wire wire = hasty.wire()) {
      wire.send(
          "POST /form HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      assertThat(never.await(900, TimeUnit.MILLISECONDS)).isFalse();

      assertThat(wire.send("0\r\n\r\n").read("POST").orElseThrow().text()).isEqualTo("abc");
    }
  }

  private Door hasty() {
    return Door.before(app, ChangedLimits.of().headTimeout(Duration.ofMillis(500)).limits());
  }

  @Test
  void aConnectionMayHaveALastRequest() {
    GatehouseConfig.Limits.Connections two = new GatehouseConfig.Limits.Connections(100, 100, 2);
    try (Door strict = Door.before(app, Door.limits(Door.connections(two)))) {
      RawClient.Outcome outcome =
          RawClient.untilClosed(
              strict.port(), ("GET /fine HTTP/1.1\r\n" + HOST + "\r\n").repeat(5));

      assertThat(outcome.statuses()).containsExactly(200, 200);
      assertThat(outcome.text()).containsIgnoringCase("connection: close");
    }
  }
}
