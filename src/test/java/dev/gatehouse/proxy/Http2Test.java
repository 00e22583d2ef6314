package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.testkit.RawHttp2;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of HTTP/2 gets, and the app behind, which speaks HTTP/1.1. */
class Http2Test {
  private static GatehouseConfig.Limits limits(
      int maxHead, int maxUrl, long maxBody, Duration idle, Duration head) {
    return ChangedLimits.of()
        .head(maxHead, maxUrl, Door.LIMITS.maxHeaderFields())
        .body(maxBody)
        .idle(idle)
        .headTimeout(head)
        .limits();
  }

  private static GatehouseConfig.Limits hasty() {
    return limits(32 * 1024, 8 * 1024, -1, Duration.ofMillis(600), Duration.ofMillis(500));
  }

  private static RawUpstream echo() {
    return new RawUpstream(
        call -> {
          byte[] body = call.body();
          call.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
          call.socket().getOutputStream().write(body);
          return true;
        });
  }

  private static String[] post(String path, String... more) {
    return RawHttp2.head("POST", path, more);
  }

  @Test
  @Rule("TH-HTTP-5")
  void theMessageIsFramedAnewForTheApp() {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/a%20b?c=d", "x-field", "one", "x-field", "two");

      RawHttp2.Stream answer = client.await(1);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("ok");
      RawUpstream.Call call = app.calls().get(0);
      assertThat(call.head()).startsWith("GET /a%20b?c=d HTTP/1.1\r\n").doesNotContain(":path");
      assertThat(call.fields("x-field")).containsExactly("one", "two");
      assertThat(call.fields("Host")).hasSize(1);
      assertThat(call.fields("TE")).isEmpty();
      assertThat(call.fields("X-Gatehouse-User")).containsExactly(TestGate.USER);
      assertThat(answer.fields.contains("Connection")).isFalse();
    }
  }

  @Test
  @Rule("TH-HTTP-5")
  void aBodyNeedsNoLengthAndNoneIsInvented() {
    try (RawUpstream app = echo();
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.headers(1, false, post("/unknown"));
      client.data(1, false, "hello ");
      client.data(1, true, "world");
      client.headers(3, false, post("/known", "content-length", "5"));
      client.data(3, true, "hello");
      client.headers(5, true, post("/none"));
      client.headers(7, false, post("/late-end"));
      client.data(7, true, "");

      assertThat(client.await(1).text()).isEqualTo("hello world");
      assertThat(client.await(3).text()).isEqualTo("hello");
      assertThat(client.await(5).status()).isEqualTo(200);
      assertThat(client.await(7).status()).isEqualTo(200);
      assertThat(call(app, "/unknown").fields("Transfer-Encoding")).containsExactly("chunked");
      assertThat(call(app, "/unknown").fields("Content-Length")).isEmpty();
      assertThat(call(app, "/known").fields("Content-Length")).containsExactly("5");
      assertThat(call(app, "/known").fields("Transfer-Encoding")).isEmpty();
      assertThat(call(app, "/none").fields("Content-Length")).containsExactly("0");
      assertThat(call(app, "/none").fields("Transfer-Encoding")).isEmpty();
    }
  }

  private static RawUpstream.Call call(RawUpstream app, String target) {
    return app.calls().stream().filter(c -> c.target().equals(target)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"5, hell", "5, hello!", "0, x"})
  @Rule("TH-HTTP-5")
  void aLengthThatIsNotThatOfTheDataIsAStreamError(String length, String data) throws Exception {
    List<String> whole = new ArrayList<>();
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  whole.add(new String(call.body(), UTF_8));
                  call.send(RawUpstream.OK);
                  return true;
                });
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.headers(1, false, post("/", "content-length", "" + data.length()));
      client.data(1, true, data);
      assertThat(client.await(1).status()).isEqualTo(200);
      whole.clear();

      client.headers(3, false, post("/", "content-length", length));
      client.data(3, true, data);
      RawHttp2.Stream refused = client.await(3);

      assertThat(refused.reset != null || refused.status() == 400).as("%s", refused).isTrue();
      assertThat(refused.status()).isNotEqualTo(200);
      client.get(5, "/");
      assertThat(client.await(5).status()).isEqualTo(200);
      assertThat(whole).as("what the app had to the end").containsExactly("");
    }
  }

  @Test
  void cookiesThatWereSplitAreOneFieldAgain() {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/", "cookie", "a=1", "x", "y", "cookie", "b=2; c=3", "cookie", "d=4");

      assertThat(client.await(1).status()).isEqualTo(200);
      assertThat(app.calls().get(0).fields("Cookie")).containsExactly("a=1; b=2; c=3; d=4");
    }
  }

  @Test
  @Rule("TH-DOS-8")
  void whatIsTooLargeIsToldAndTheConnectionGoesOn() {
    GatehouseConfig.Limits small =
        limits(4096, 512, 10, Duration.ofSeconds(20), Duration.ofSeconds(10));
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.speakingH2c(app, small);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/" + "a".repeat(500));
      assertThat(client.await(1).status()).isEqualTo(200);
      client.get(3, "/" + "a".repeat(600));
      assertThat(client.await(3).status()).isEqualTo(414);
      client.get(5, "/", "x", "a".repeat(3500));
      assertThat(client.await(5).status()).isEqualTo(200);
      client.get(7, "/", "x", "a".repeat(4100));
      assertThat(client.await(7).status()).isEqualTo(431);
      client.get(9, "/", cookies(80, 40));
      assertThat(client.await(9).status()).isEqualTo(200);
      client.get(11, "/", cookies(80, 60));
      assertThat(client.await(11).status()).as("cookies together").isEqualTo(431);
      client.headers(13, false, post("/", "content-length", "11"));
      assertThat(client.await(13).status()).isEqualTo(413);
      client.headers(15, false, post("/"));
      client.data(15, false, "12345678901");
      assertThat(client.await(15).status()).isEqualTo(413);
      client.headers(17, false, post("/"));
      client.data(17, true, "1234567890");
      assertThat(client.await(17).status()).isEqualTo(200);
      assertThat(app.calls()).hasSizeBetween(4, 5);
    }
  }

  /** Fields of that many bytes each; what Jetty counts is 38 more. */
  private static String[] cookies(int count, int bytes) {
    String[] fields = new String[count * 2];
    for (int i = 0; i < count; i++) {
      fields[2 * i] = "cookie";
      fields[2 * i + 1] = "a=" + "b".repeat(bytes - 4);
    }
    return fields;
  }

  @Test
  @Rule("TH-DOS-8")
  void moreFieldsThanAllowedAreTooMany() {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/", fields(99)); // and Host
      assertThat(client.await(1).status()).isEqualTo(200);
      client.get(3, "/", fields(100));
      assertThat(client.await(3).status()).isEqualTo(431);
    }
  }

  private static String[] fields(int count) {
    String[] fields = new String[count * 2];
    for (int i = 0; i < count; i++) {
      fields[2 * i] = "x" + i;
      fields[2 * i + 1] = "y";
    }
    return fields;
  }

  @Test
  void whoExpectsToBeToldToSendIsTold() {
    try (RawUpstream app = echo();
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.headers(1, false, post("/", "expect", "100-continue"));
      assertThat(client.awaitStatus(1, 100).statuses).containsExactly(100);
      client.data(1, true, "hello");
      assertThat(client.await(1).text()).isEqualTo("hello");
      assertThat(app.calls().get(0).fields("Expect")).isEmpty();

      client.headers(3, false, post("/refused", "expect", "100-continue"));
      assertThat(client.await(3).statuses).containsExactly(401);
    }
  }

  @Test
  void earlyHintsPass() {
    try (RawUpstream app =
            RawUpstream.answering(
                "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
                    + RawUpstream.OK);
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/");
      assertThat(client.await(1).statuses).containsExactly(103, 200);
    }
  }

  @Test
  @Rule("TH-HTTP-13")
  void anAnswerBeforeTheEndOfTheRequestPasses() {
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  call.send("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
                  return false;
                });
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.headers(1, false, post("/"));
      client.data(1, false, "hello");
      RawHttp2.Stream early = client.await(1);
      assertThat(early.status()).isEqualTo(403);
      assertThat(early.text()).isEqualTo("no");
      client.data(1, true, "world");
      client.get(3, "/");
      assertThat(client.await(3).status()).isEqualTo(403);
    }
  }

  @Test
  void aBrokenAnswerBreaksItsStreamAlone() throws Exception {
    CountDownLatch broken = new CountDownLatch(1);
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  if (call.target().equals("/broken")) {
                    call.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                    return false;
                  }
                  try {
                    broken.await(20, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  call.send(RawUpstream.OK);
                  return true;
                });
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/whole");
      client.get(3, "/broken");
      RawHttp2.Stream cut = client.await(3);
      broken.countDown();
      assertThat(cut.ended).as("an end would look like success").isFalse();
      assertThat(cut.reset).isNotNull().isNotEqualTo(0);
      assertThat(client.await(1).text()).isEqualTo("ok");
    }
  }

  @Test
  void headHasNoBody() {
    try (RawUpstream app = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.headers(1, true, RawHttp2.head("HEAD", "/"));
      RawHttp2.Stream answer = client.await(1);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.fields.get("content-length")).isEqualTo("5");
      assertThat(answer.text()).isEmpty();
    }
  }

  @Test
  @Rule("TH-HTTP-11")
  void theSettingsSayWhatIsOffered() {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      ByteBuffer payload = ByteBuffer.wrap(client.awaitFrame(RawHttp2.SETTINGS).payload());
      Map<Integer, Integer> settings = new HashMap<>();
      while (payload.hasRemaining()) {
        settings.put((int) payload.getShort(), payload.getInt());
      }
      assertThat(settings)
          .containsEntry(3, StrictHttp2ConnectionFactory.MAX_STREAMS)
          .containsEntry(6, Door.LIMITS.maxHeadBytes())
          .as("no WebSocket over HTTP/2 (RFC 8441 §3)")
          .containsEntry(8, 0);
    }
  }

  @Test
  @Rule("TH-DOS-10")
  void aBodyThatDoesNotComeIsGivenUp() {
    try (RawUpstream app = echo();
        Door door = Door.speakingH2c(app, hasty());
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.headers(1, false, post("/"));
      client.data(1, false, "hello");
      RawHttp2.Stream given = client.await(1);
      assertThat(given.status() == 408 || given.reset != null).as("%s", given).isTrue();
    }
  }

  @Test
  @Rule("TH-DOS-10")
  void anAnswerThatNobodyTakesIsGivenUp() {
    try (RawUpstream app =
            RawUpstream.answering(
                "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + "x".repeat(300_000));
        Door door = Door.speakingH2c(app, hasty());
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/");
      RawHttp2.Stream given = client.await(1);
      assertThat(given.ended).isFalse();
      assertThat(given.body.size()).isLessThan(300_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"preface", "frame", "block", "headers"})
  @Rule("TH-DOS-10")
  void whatDropsInByteByByteIsCut(String what) throws Exception {
    byte[] head = RawHttp2.block(RawHttp2.head("GET", "/"));
    byte[] bytes =
        switch (what) {
          case "preface" -> RawHttp2.PREFACE;
          case "frame" -> RawHttp2.bytesOf(RawHttp2.PING, 0, 0, new byte[8]);
          case "block" -> RawHttp2.bytesOf(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, head);
          default ->
              RawHttp2.bytesOf(
                  RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, head);
        };
    GatehouseConfig.Limits slow =
        limits(32 * 1024, 8 * 1024, -1, Duration.ofSeconds(20), Duration.ofMillis(400));
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.speakingH2c(app, slow);
        RawHttp2 client = new RawHttp2(RawClient.connect(door.port()))) {
      if (!what.equals("preface")) {
        client.begin();
      }
      client.bytes(bytes.length == 17 ? java.util.Arrays.copyOf(bytes, 16) : drop(bytes, what));
      long begin = System.nanoTime();
      client.awaitEnd();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
      assertThat(app.calls()).isEmpty();
    }
  }

  /** All of it where only the next frame is missing, else without its last byte. */
  private static byte[] drop(byte[] bytes, String what) {
    return what.equals("block") ? bytes : java.util.Arrays.copyOf(bytes, bytes.length - 1);
  }

  @Test
  void aStopTellsClientsAndCutsNoStream() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  arrived.countDown();
                  try {
                    go.await(20, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  call.send(
                      "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(200_000));
                  return true;
                });
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.settings(4, 1 << 20);
      client.windowUpdate(0, 1 << 20);
      client.get(1, "/");
      arrived.await(20, TimeUnit.SECONDS);

      CompletableFuture<Void> stop = CompletableFuture.runAsync(door.server()::close);
      client.awaitFrame(RawHttp2.GOAWAY);
      assertThat(client.goAway()).isZero();
      assertThat(stop).isNotDone();
      go.countDown();

      RawHttp2.Stream whole = client.await(1);
      assertThat(whole.ended).as("%s", whole).isTrue();
      assertThat(whole.text()).hasSize(200_000);
      stop.get(20, TimeUnit.SECONDS);
    }
  }
}
