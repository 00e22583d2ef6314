package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.testkit.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stop lets running requests end and takes no new ones. */
@Timeout(60)
class GracefulStopTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: app.example\r\n\r\n";

  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private RawUpstream waitingApp() {
    return new RawUpstream(
        call -> {
          arrived.countDown();
          await(go);
          call.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100000));
          return true;
        });
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void runningRequestsEndAndReadinessGoesOff() throws Exception {
    try (RawUpstream app = waitingApp();
        Door door = Door.before(app);
        Wire wire = door.wire();
        Wire kept = door.wire()) {
      int port = door.port();
      int management = door.server().managementAddress().orElseThrow().port();
      assertThat(health(management)).isEqualTo(200);
      wire.send(GET);
      await(arrived);

      CompletableFuture<Void> stop = CompletableFuture.runAsync(door.server()::close);
      while (health(management) == 200) {
        Thread.onSpinWait();
      }

      assertThat(stop).isNotDone();
      awaitRefusal(port);
      kept.send(GET);
      go.countDown();
      assertThat(wire.read("GET").orElseThrow().body()).hasSize(100000);
      assertThat(kept.read("GET").orElseThrow().header("Connection")).isEqualTo("close");
      stop.get(20, TimeUnit.SECONDS);
      assertThatThrownBy(() -> RawClient.connect(port)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void whatDoesNotEndInTimeIsCut() throws Exception {
    GatehouseConfig.Limits hasty =
        ChangedLimits.of().stop(Duration.ZERO, Duration.ofMillis(300)).limits();
    try (RawUpstream app = waitingApp();
        Door door = Door.before(app, hasty);
        Wire wire = door.wire()) {
      wire.send(GET);
      await(arrived);

      door.server().close();

      assertThat(wire.read("GET")).isEmpty();
      go.countDown();
    }
  }

  @Test
  void whatIsSentAtTheLastMomentIsAnswered() throws Exception {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app);
        Wire wire = door.wire()) {
      int port = door.port();
      wire.send(GET);
      assertThat(wire.read("GET").orElseThrow().status()).isEqualTo(200);

      CompletableFuture<Void> stop = CompletableFuture.runAsync(door.server()::stop);
      awaitRefusal(port);
      wire.send(GET);

      assertThat(wire.read("GET").orElseThrow().header("Connection")).isEqualTo("close");
      stop.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void thePortStaysOpenUntilBalancersCanHaveNoticed() throws Exception {
    GatehouseConfig.Limits patient =
        ChangedLimits.of().stop(Duration.ofSeconds(1), Door.LIMITS.stopTimeout()).limits();
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, patient)) {
      int port = door.port();
      int management = door.server().managementAddress().orElseThrow().port();

      CompletableFuture<Void> stop = CompletableFuture.runAsync(door.server()::stop);
      while (health(management) == 200) {
        Thread.onSpinWait();
      }

      try (Wire late = door.wire()) {
        late.send(GET);
        assertThat(late.read("GET").orElseThrow().header("Connection")).isEqualTo("close");
      }
      stop.get(20, TimeUnit.SECONDS);
      assertThatThrownBy(() -> RawClient.connect(port)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void stoppingTwiceIsStoppingOnce() throws Exception {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app)) {
      door.server().close();
      door.server().close();

      door.server().join();
    }
  }

  private static int health(int port) {
    try (Wire wire = Wire.open(port, "127.0.0.1")) {
      return wire.send("GET /health/ready HTTP/1.1\r\nHost: m\r\n\r\n")
          .read("GET")
          .orElseThrow()
          .status();
    }
  }

  private static void awaitRefusal(int port) throws IOException {
    while (true) {
      try {
        RawClient.connect(port).close();
      } catch (ConnectException e) {
        return;
      }
    }
  }
}
