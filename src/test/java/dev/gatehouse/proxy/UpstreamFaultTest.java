package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left in the gateway of an app's faults: nothing, and the next request works. */
@Timeout(60)
class UpstreamFaultTest {
  private static final Duration SILENCE = Duration.ofMillis(400);
  private static final Duration IN_ALL = Duration.ofMillis(1500);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf";
  private static final int LARGE = 20_000_000;

  private final CountDownLatch over = new CountDownLatch(1);
  private volatile RawUpstream.Script fault = call -> false;
  private RawUpstream app;
  private Door door;

  @BeforeEach
  void open() {
    app =
        new RawUpstream(
            call -> {
              if (!call.target().equals("/fine")) {
                return fault.answer(call);
              }
              call.body();
              call.send(RawUpstream.OK);
              return true;
            });
    door = Door.before(app);
  }

  /** From now on the app may not be silent for long before, or within, its answer. */
  private void impatient(Duration before, Duration within) {
    door.close();
    door = Door.before(app, Door.limits(Door.silence(before, within)));
  }

  @AfterEach
  void close() {
    over.countDown();
    door.close();
    app.close();
  }

  private static String get(String more) {
    return "GET /fault HTTP/1.1\r\nHost: app.example\r\n" + more + "\r\n";
  }

  /** Sends what has been written before with a reset behind it. */
  private static boolean reset(RawUpstream.Call call) throws IOException {
    call.socket().setSoLinger(true, 0);
    return false;
  }

  private boolean silent() throws IOException {
    try {
      over.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return false;
  }

  private boolean faulty(RawUpstream.Call call, String sent, String then) throws IOException {
    call.send(sent);
    return switch (then) {
      case "reset" -> reset(call);
      case "silence" -> silent();
      case "end" -> false;
      default -> throw new IllegalArgumentException(then);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "'', reset, 502",
    "'', end, 502",
    "'', silence, 504",
    "HTTP/1.1 2, reset, 502",
    "HTTP/1.1 2, end, 502",
    "HTTP/1.1 2, silence, 504",
    "'HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5', reset, 502",
    "'HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5', end, 502",
    "'HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5', silence, 504",
    "'HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n', silence, 504",
    "'HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n', reset, 502"
  })
  void beforeTheAnswersHead(String sent, String then, int status) {
    fault = call -> faulty(call, sent, then);
    if (then.equals("silence")) {
      impatient(SILENCE, LONG);
    }

    RawClient.Outcome outcome = RawClient.untilClosed(door.port(), get("Connection: close\r\n"));

    assertThat(outcome.statuses()).endsWith(status);
    Leftovers.none(door);
  }

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf', reset",
    "'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf', end",
    "'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf', silence",
    "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n', reset",
    "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n', end",
    "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n', silence",
    "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\nX', end",
    "'HTTP/1.0 200 OK\r\n\r\nhalf', reset",
    "'HTTP/1.0 200 OK\r\n\r\nhalf', silence"
  })
  void withinTheAnswer(String sent, String then) throws IOException {
    CountDownLatch seen = new CountDownLatch(1);
    fault =
        call -> {
          call.send(sent);
          await(seen);
          return faulty(call, "", then);
        };
    if (then.equals("silence")) {
      impatient(LONG, SILENCE);
    }

    try (java.net.Socket client = RawClient.connect(door.port())) {
      client.getOutputStream().write(get("").getBytes(ISO_8859_1));
      java.io.ByteArrayOutputStream answer = new java.io.ByteArrayOutputStream();
      RawClient.readUntil(client.getInputStream(), answer, "half");
      seen.countDown();
      assertThat(RawClient.readAll(client.getInputStream(), answer)).as("orderly end").isFalse();
      assertThat(answer.toString(ISO_8859_1)).doesNotContain("\r\n0\r\n");
    }
    Leftovers.none(door);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IOException("nobody went on");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aHeadWithoutEnd() {
    fault =
        call -> {
          call.send("HTTP/1.1 200 OK\r\n");
          String fields = "X-Long: " + "x".repeat(1000) + "\r\n";
          for (int i = 0; i < 100_000; i++) {
            call.send(fields); // until the gateway has had enough
          }
          return silent();
        };

    assertThat(RawClient.untilClosed(door.port(), get("Connection: close\r\n")).statuses())
        .containsExactly(502);
    Leftovers.none(door);
  }

  @Test
  void anEndOfTheConnectionAtTheWorstMoment() {
    // The connection is kept, and ends when the next request has been sent on it.
    for (int i = 0; i < 5; i++) {
      try (Wire wire = door.wire()) {
        assertThat(wire.send(get("").replace("/fault", "/fine")).read("GET").orElseThrow().status())
            .isEqualTo(200);
        Reply reply =
            wire.send("POST /fault HTTP/1.1\r\nHost: app.example\r\nContent-Length: 1\r\n\r\nx")
                .read("POST")
                .orElseThrow();
        assertThat(reply.status()).isEqualTo(502);
      }
    }
    Leftovers.none(door);
    assertThat(app.calls()).filteredOn(call -> call.target().equals("/fault")).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({"keep, 70000", "linger, 70000", "end, 20000"})
  @Rule("TH-HTTP-13")
  void anAnswerBeforeTheEndOfALargeUpload(String then, int length) {
    String early = "HTTP/1.1 413 No\r\nContent-Length: " + length + "\r\n\r\n" + "e".repeat(length);
    fault =
        call -> {
          call.in().readNBytes(100_000);
          call.send(early);
          switch (then) {
            case "keep" -> silent();
            case "linger" -> {
              call.socket().shutdownOutput();
              call.in().transferTo(OutputStream.nullOutputStream());
            }
            default -> {
              // A reset, which would take with it what the gateway has no room for yet.
            }
          }
          return false;
        };

    for (int i = 0; i < 4; i++) {
      try (Wire wire = door.wire()) {
        wire.send(
            "POST /fault HTTP/1.1\r\nHost: app.example\r\nContent-Length: " + LARGE + "\r\n\r\n");
        wire.send(new byte[LARGE]); // a simple client reads when it has sent all

        Reply reply = wire.read("POST").orElseThrow();

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.text()).hasSize(length);
      }
    }
    Leftovers.none(door);
  }

  @Test
  @Rule("TH-HTTP-13")
  void aRefusalReachesAClientThatSendsAllFirst() {
    try (Wire wire = door.wire()) {
      wire.send(
          "POST /refused HTTP/1.1\r\nHost: app.example\r\nContent-Length: " + LARGE + "\r\n\r\n");
      wire.send(new byte[LARGE]);

      assertThat(wire.read("POST").orElseThrow().status()).isEqualTo(401);
      // All of it was taken in, so that the connection is in order.
      assertThat(wire.send(get("").replace("/fault", "/fine")).read("GET").orElseThrow().text())
          .isEqualTo("ok");
    }
    Leftovers.none(door);
  }

  @Test
  void theWholeOfARequestHasADeadlineWhereItIsSet() {
    fault =
        call -> {
          call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          for (int i = 0; i < 600; i++) {
            call.send("1\r\nx\r\n");
            if (over.getCount() == 0) {
              return false;
            }
            pause(50);
          }
          return false;
        };
    try (Door strict = Door.before(app, Door.limits(Door.inAll(IN_ALL)))) {
      Leftovers.none(strict); // and all is ready for the next
      long began = System.nanoTime();

      RawClient.Outcome outcome = RawClient.untilClosed(strict.port(), get(""));

      assertThat(outcome.text()).contains("x").doesNotContain("\r\n0\r\n");
      assertThat(outcome.reset()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .as("the app would go on for half a minute")
          .isBetween(IN_ALL.minusMillis(100), Duration.ofSeconds(20));
      Leftovers.none(strict);
    }
  }

  private void pause(int millis) throws IOException {
    try {
      over.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void anAnswerMayBeSlowerWithinThanBefore() {
    fault =
        call -> {
          call.send(HALF);
          pause(1500);
          call.send("done");
          return true;
        };
    impatient(Duration.ofSeconds(1), LONG);
    Leftovers.none(door); // and all is ready for the next

    assertThat(RawClient.untilClosed(door.port(), get("Connection: close\r\n")).text())
        .endsWith("halfdone");
  }

  @Test
  void anAnswerMayBeSlowerToBeginThanWithin() {
    fault =
        call -> {
          pause(1500);
          call.send(HALF);
          return silent();
        };
    impatient(LONG, Duration.ofSeconds(1));

    assertThat(RawClient.untilClosed(door.port(), get("Connection: close\r\n")).text())
        .endsWith("half");
    Leftovers.none(door);
  }
}
