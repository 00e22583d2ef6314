package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An app that is down, slow, rude or cut off. */
class UpstreamFailureTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: app.example\r\n\r\n";
  private static final String GET_CLOSE =
      "GET / HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n";
  private static final String POST =
      "POST / HTTP/1.1\r\nHost: app.example\r\nContent-Length: 3\r\n\r\nabc";

  private final CountDownLatch end = new CountDownLatch(1);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    end.countDown();
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private Door door(RawUpstream app) {
    return keep(Door.before(app));
  }

  private RawUpstream app(RawUpstream.Script script) {
    return keep(new RawUpstream(script));
  }

  private static Reply ask(Door door, String request) {
    try (Wire wire = door.wire()) {
      return wire.send(request).read("GET").orElseThrow();
    }
  }

  private boolean silent() throws IOException {
    try {
      end.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return false;
  }

  private static GatehouseConfig.Limits responseTimeout(Duration timeout) {
    return ChangedLimits.of().silence(timeout, timeout).limits();
  }

  @Test
  void anAnswerThatCannotBeJudgedIsNotSentOn() {
    RawUpstream app =
        app(
            call -> {
              String field = call.target().equals("/odd") ? "X-Bug: 1" : "X-Fine: 1";
              call.send(
                  "HTTP/1.1 200 OK\r\nX-First: 1\r\n" + field + "\r\nContent-Length: 2\r\n\r\nok");
              return true;
            });
    Door door = door(app);

    String refused = RawClient.untilClosed(door.port(), GET_CLOSE.replace("/ ", "/odd ")).text();
    assertThat(refused).startsWith("HTTP/1.1 502 ").doesNotContain("X-First", "X-Bug");
    String passed = RawClient.untilClosed(door.port(), GET_CLOSE).text();
    assertThat(passed)
        .startsWith("HTTP/1.1 200 ")
        .contains("X-First: 1", "X-Fine: 1", "Cache-Control: private, no-store")
        .endsWith("ok");
  }

  @Test
  void anAppThatIsDownGets502AndAllIsWellWhenItReturns() {
    HeldPort port = keep(HeldPort.take());
    RawUpstream first = keep(new RawUpstream(port.number(), UpstreamFailureTest::answer));
    Door door = keep(Door.before(port.uri(), Door.LIMITS, Optional.empty()));
    assertThat(ask(door, GET).status()).isEqualTo(200);
    first.close();

    // A request that meets the closing of a kept connection fails in another way.
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(ask(door, GET).text()).isEqualTo("UPSTREAM_UNAVAILABLE upstream-down"));
    Reply down = ask(door, GET);
    assertThat(down.status()).isEqualTo(502);
    assertThat(down.whole()).doesNotContain("" + port.number());

    keep(new RawUpstream(port.number(), UpstreamFailureTest::answer));
    assertThat(ask(door, GET).status()).isEqualTo(200);
  }

  @Test
  void aPostIsNeverSentTwice() {
    RawUpstream app =
        app(
            call -> {
              call.body();
              return call.target().equals("/fine") && answer(call);
            });
    Door door = door(app);
    assertThat(ask(door, POST.replace("/ ", "/fine ")).status()).isEqualTo(200);
    app.calls().clear();

    Reply reply = ask(door, POST);

    assertThat(reply.status()).isEqualTo(502);
    assertThat(app.calls()).hasSize(1);
  }

  private static boolean answer(RawUpstream.Call call) throws IOException {
    call.send(RawUpstream.OK);
    return true;
  }

  @Test
  void aGetThatWasSentIsNotRepeatedEither() {
    RawUpstream app = app(call -> false);

    assertThat(ask(door(app), GET).status()).isEqualTo(502);
    assertThat(app.calls()).hasSize(1);
  }

  @Test
  void silenceGets504InTime() {
    RawUpstream app = app(call -> silent());
    Door door = keep(Door.before(app, responseTimeout(Duration.ofSeconds(1))));

    Reply reply = ask(door, GET);

    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.text()).isEqualTo("UPSTREAM_TIMEOUT upstream-timeout");
  }

  @Test
  void silenceAfterTheFirstBytesBreaksTheConnection() {
    RawUpstream app =
        app(
            call -> {
              call.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
              return silent();
            });
    Door door =
        keep(
            Door.before(
                app, Door.limits(Door.silence(Duration.ofSeconds(20), Duration.ofSeconds(1)))));

    RawClient.Outcome outcome = RawClient.untilClosed(door.port(), GET);

    assertThat(outcome.statuses()).containsExactly(200);
    assertThat(outcome.text()).endsWith("half");
  }

  @Test
  void aSlowAppMayTakeLongerThanTheClientMayIdle() {
    RawUpstream app =
        app(
            call -> {
              pause(Duration.ofMillis(1500));
              return answer(call);
            });
    Door door = keep(Door.before(app, ChangedLimits.of().idle(Duration.ofMillis(500)).limits()));

    assertThat(ask(door, GET).status()).isEqualTo(200);
  }

  private void pause(Duration time) throws IOException {
    try {
      end.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 1000\r\n\r\nhalf",
        "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "Transfer-Encoding: chunked\r\n\r\n8\r\nhalf"
      })
  void anAnswerCutShortBreaksTheClientsConnection(String half) throws IOException {
    Semaphore cut = new Semaphore(0);
    RawUpstream app =
        app(
            call -> {
              call.send("HTTP/1.1 200 OK\r\n" + half);
              cut.acquireUninterruptibly();
              return false;
            });
    Door door = door(app);

    String modern = cutAfterHalf(door, GET_CLOSE, cut);
    assertThat(modern).startsWith("HTTP/1.1 200 ").contains("half").doesNotContain("\r\n0\r\n");

    // Without chunks only a reset tells that this is not the end.
    String old = cutAfterHalf(door, "GET / HTTP/1.0\r\nHost: app.example\r\n\r\n", cut);
    assertThat(old).endsWith("half");
  }

  /** What came before the connection was reset, which it must be. */
  private static String cutAfterHalf(Door door, String request, Semaphore cut) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (Socket client = RawClient.connect(door.port())) {
      client.getOutputStream().write(request.getBytes(ISO_8859_1));
      RawClient.readUntil(client.getInputStream(), answer, "half");
      cut.release();
      assertThat(RawClient.readAll(client.getInputStream(), answer)).as("orderly end").isFalse();
    }
    return answer.toString(ISO_8859_1);
  }

  @Test
  void anAnswerThatIsCutBeforeAnyOfItIsSentIsNoAnswer() {
    RawUpstream app = app(call -> false);
    RawUpstream headOnly =
        app(
            call -> {
              call.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r");
              return false;
            });

    assertThat(ask(door(app), GET).status()).isEqualTo(502);
    assertThat(ask(door(headOnly), GET).status()).isEqualTo(502);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: "
      })
  void anAnswerThatIsNoHttpGets502(String nonsense) {
    RawUpstream app =
        app(
            call -> {
              call.send(nonsense);
              return false;
            });

    assertThat(ask(door(app), GET).status()).isEqualTo(502);
  }

  @Test
  void bytesAfterAnAnswerAreNobodysAnswer() {
    RawUpstream app =
        app(
            call -> {
              call.send(RawUpstream.OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
              return true;
            });
    Door door = door(app);

    for (int i = 0; i < 5; i++) {
      assertThat(ask(door, GET).text()).isEqualTo("ok");
    }
  }

  @Test
  @Rule("TH-HTTP-13")
  void anEarlyAnswerArrivesAndItsConnectionIsUsedNoMore() {
    RawUpstream app =
        app(
            call -> {
              if (call.target().equals("/early")) {
                call.send("HTTP/1.1 413 No\r\nContent-Length: 5\r\n\r\nearly");
                return silent();
              }
              return answer(call);
            });
    Door door = door(app);
    try (Wire wire = door.wire()) {
      wire.send("POST /early HTTP/1.1\r\nHost: app.example\r\nContent-Length: 300000\r\n\r\nbegin");

      Reply early = wire.read("POST").orElseThrow();

      assertThat(early.status()).isEqualTo(413);
      assertThat(early.text()).isEqualTo("early");
    }
    for (int i = 0; i < 5; i++) {
      assertThat(ask(door, GET.replace("/ ", "/" + i + " ")).text()).isEqualTo("ok");
    }
  }

  @Test
  @Rule("TH-HTTP-13")
  void anEarlyAnswerInTheMiddleOfALargeUploadIsNotLost() {
    RawUpstream app =
        app(
            call -> {
              call.send("HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 5\r\n\r\nearly");
              pause(Duration.ofMillis(200));
              return false;
            });

    Reply reply =
        ask(
            door(app),
            "POST / HTTP/1.1\r\nHost: app.example\r\nContent-Length: 300000\r\n\r\n"
                + "x".repeat(300000));

    assertThat(reply.status()).isIn(413, 502);
  }

  @Test
  void aClientThatLeavesInItsUploadEndsTheUpstreamRequest() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    RawUpstream app =
        app(
            call -> {
              try {
                call.body();
              } catch (IOException e) {
                cut.countDown();
                throw e;
              }
              return answer(call);
            });
    Door door = door(app);
    try (Wire wire = door.wire()) {
      wire.send(
          "POST / HTTP/1.1\r\nHost: app.example\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    }

    assertThat(cut.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
