package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stop lets running requests end and takes no new ones. */
@Timeout(60)
class GracefulStopTest {
  /** Half of what the gateway waits for requests that are under way. */
  private static final Duration LAST_MOMENT = Duration.ofMillis(500);

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
        HeldPort held = HeldPort.take();
        Door door = Door.listening(app, Door.LIMITS, held);
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
      org.awaitility.Awaitility.await().until(() -> app.calls().size() == 2);
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
    boolean inTime = false;
    for (int i = 0; i < 20 && !inTime; i++) {
      try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
          HeldPort held = HeldPort.take();
          Door door = Door.listening(app, Door.LIMITS, held);
          Wire wire = door.wire()) {
        wire.send(GET);
        assertThat(wire.read("GET").orElseThrow().status()).isEqualTo(200);

        long begun = System.nanoTime();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(door.server()::stop);
        awaitRefusal(held.number());
        wire.send(GET);
        Optional<Reply> answer = wire.read("GET");
        // What this machine sent later than that was not sent at the last moment.
        inTime = System.nanoTime() - begun < LAST_MOMENT.toNanos();

        if (inTime) {
          assertThat(answer.orElseThrow().header("Connection")).isEqualTo("close");
        }
        stop.get(20, TimeUnit.SECONDS);
      }
    }
    assertThat(inTime).isTrue();
  }

  @Test
  void thePortStaysOpenUntilBalancersCanHaveNoticed() throws Exception {
    GatehouseConfig.Limits patient =
        ChangedLimits.of().stop(Duration.ofMinutes(5), Door.LIMITS.stopTimeout()).limits();
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, patient)) {
      int management = door.server().managementAddress().orElseThrow().port();

      Thread stop = new Thread(door.server()::stop, "stop");
      stop.start();
      while (health(management) == 200) {
        Thread.onSpinWait();
      }

      try (Wire late = door.wire()) {
        late.send(GET);
        assertThat(late.read("GET").orElseThrow().header("Connection")).isEqualTo("close");
      }
      assertThat(stop.isAlive()).isTrue();
      stop.interrupt();
      stop.join();
    }
  }

  @Test
  void thePortIsShutWhenBalancersCanHaveNoticed() throws Exception {
    Duration delay = Duration.ofMillis(200);
    GatehouseConfig.Limits patient =
        ChangedLimits.of().stop(delay, Door.LIMITS.stopTimeout()).limits();
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        HeldPort held = HeldPort.take();
        Door door = Door.listening(app, patient, held)) {
      long begun = System.nanoTime();

      door.server().stop();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(delay);
      assertThatThrownBy(() -> RawClient.connect(held.number()))
          .isInstanceOf(ConnectException.class);
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
      } catch (SocketException e) {
        // It was taken, and reset with the port.
      }
    }
  }
}
