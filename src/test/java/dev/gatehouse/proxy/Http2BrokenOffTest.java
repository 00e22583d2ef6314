package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.testkit.RawHttp2;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of HTTP/2 that end before their time, and what becomes of the app's connection then. */
class Http2BrokenOffTest {

  private static String[] post(String path, String... more) {
    return RawHttp2.head("POST", path, more);
  }

  @ParameterizedTest
  @CsvSource({"5, true", "100, false", "6, false"})
  @Rule("TH-HTTP-5")
  @Rule("TH-HTTP-13")
  void trailersCannotEndABodyBeforeItsLength(String length, boolean whole) {
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  if (call.target().equals("/cut")) {
                    call.in().readNBytes(5);
                    if (!whole && endsInTime(call)) {
                      return false;
                    }
                  }
                  call.send(RawUpstream.OK);
                  return true;
                });
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.headers(1, false, post("/cut", "content-length", length));
      client.data(1, false, "hello");
      client.headers(1, true, "x-checksum", "1");

      RawHttp2.Stream seen = client.await(1);
      assertThat(seen.status() == 200).as("%s", seen).isEqualTo(whole);
      client.get(3, "/next");
      assertThat(client.await(3).status()).isEqualTo(200);
      // The broken one may be seen after the next, on the other connection.
      await().untilAsserted(() -> assertThat(app.calls()).hasSize(2));
      boolean same = app.calls().get(0).socket() == app.calls().get(1).socket();
      assertThat(whole || !same).as("a connection of its own").isTrue();
    }
  }

  private static boolean endsInTime(RawUpstream.Call call) throws IOException {
    call.socket().setSoTimeout(20_000);
    try {
      return call.in().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Test
  @Rule("TH-HTTP-5")
  void fieldsInTheMiddleOfABodyBreakTheStream() {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.headers(1, false, post("/"));
      client.data(1, false, "hello");
      client.headers(1, true, "x", "y");
      assertThat(client.await(1).status()).isEqualTo(200);

      client.headers(3, false, post("/"));
      client.data(3, false, "hello");
      client.headers(3, false, "x", "y");
      client.data(3, true, "");
      RawHttp2.Stream refused = client.await(3);
      assertThat(refused.status()).as("%s", refused).isNotEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "misuse", "vanish"})
  @Rule("TH-HTTP-5")
  void theAppIsRidOfARequestThatItsClientHasGivenUp(String how) throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CompletableFuture<Integer> next = new CompletableFuture<>();
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  arrived.countDown();
                  next.complete(call.in().read());
                  return false;
                });
        Door door = Door.speakingH2c(app, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/");
      assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(next).isNotDone();

      switch (how) {
        case "reset" -> client.frame(RawHttp2.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
        case "misuse" -> client.windowUpdate(1, 0);
        default -> client.vanish();
      }

      assertThat(next.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(door.server().inventory().requests()).isZero());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {300_000, 2000})
  @Rule("TH-DOS-10")
  void anAnswerThatIsTakenByteByByteIsGivenUp(int length) throws Exception {
    ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
    GatehouseConfig.Limits paced =
        Door.limits(Door.pace(new GatehouseConfig.Limits.Pace(50_000, Duration.ofMillis(500))));
    try (RawUpstream app =
            RawUpstream.answering(
                "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length));
        Door door = Door.speakingH2c(app, paced);
        RawHttp2 client = new RawHttp2(RawClient.connect(door.port()))) {
      client.begin(4, 0);
      client.get(1, "/");
      drip.scheduleAtFixedRate(() -> client.windowUpdate(1, 1), 100, 100, TimeUnit.MILLISECONDS);
      RawHttp2.Stream given = client.await(1);
      drip.shutdownNow();
      assertThat(given.reset).as("%s", given).isNotNull();
      assertThat(given.body.size()).isLessThan(100);

      client.settings(4, 400_000);
      client.windowUpdate(0, 400_000);
      client.get(3, "/");
      assertThat(client.await(3).body.size()).isEqualTo(length);
    } finally {
      drip.shutdownNow();
    }
  }
}
