package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of several targets gets a request, and which get none for a while. */
class BalancingTest {
  private final List<AutoCloseable> open = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);

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

  private RawUpstream app() {
    return keep(RawUpstream.answering(RawUpstream.OK));
  }

  private Door door(String targets, String more) {
    return keep(
        Door.reading(
            "limits: {connect-timeout: 2s}\nupstreams:\n  - {path: /**, targets: [%s]%s}\n"
                .formatted(targets, more)));
  }

  private static Reply ask(Door door, String path) {
    try (Wire wire = door.wire()) {
      return wire.send("GET " + path + " HTTP/1.1\r\nHost: app.example\r\n\r\n")
          .read("GET")
          .orElseThrow();
    }
  }

  private static String metrics(Door door) {
    return door.metrics().exposition(Optional.empty()).text();
  }

  private static Reply ready(Door door) {
    try (Wire wire =
        Wire.open(door.server().managementAddress().orElseThrow().port(), "127.0.0.1")) {
      return wire.send("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
          .read("GET")
          .orElseThrow();
    }
  }

  /** An app that is down. */
  private HeldPort down() {
    return keep(HeldPort.take());
  }

  /** That app, up at last. */
  private RawUpstream up(HeldPort down) {
    return keep(
        new RawUpstream(
            down.number(),
            call -> {
              call.send(RawUpstream.OK);
              return true;
            }));
  }

  @Test
  void requestsGoRound() {
    RawUpstream one = app();
    RawUpstream two = app();
    RawUpstream three = app();
    Door door = door(one.uri() + ", " + two.uri() + ", " + three.uri(), "");

    for (int i = 0; i < 9; i++) {
      assertThat(ask(door, "/").status()).isEqualTo(200);
    }

    assertThat(List.of(one.calls().size(), two.calls().size(), three.calls().size()))
        .containsOnly(3);
    await()
        .untilAsserted(
            () ->
                assertThat(metrics(door))
                    .contains(
                        "gatehouse_upstream_target_up{target=\""
                            + one.uri()
                            + "\",upstream=\"/**\"} 1")
                    .contains(
                        "outcome=\"answered\",target=\"" + one.uri() + "\",upstream=\"/**\"} 3"));
  }

  @Test
  void theLeastBusyGetsTheRequest() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    RawUpstream slow =
        keep(
            new RawUpstream(
                call -> {
                  busy.countDown();
                  try {
                    end.await();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  return false;
                }));
    RawUpstream quick = app();
    Door door = door(slow.uri() + ", " + quick.uri(), ", balance: least-connections");
    try (Wire wire = door.wire()) {
      wire.send("GET / HTTP/1.1\r\nHost: app.example\r\n\r\n");
      busy.await();
      String idle =
          "gatehouse_upstream_target_requests_active{target=\""
              + quick.uri()
              + "\",upstream=\"/**\"} 0";
      for (int i = 0; i < 4; i++) {
        // The client has its answer a moment before the gateway is done with it.
        await().until(() -> metrics(door).contains(idle));
        assertThat(ask(door, "/").status()).isEqualTo(200);
      }
    }
    assertThat(slow.calls()).hasSize(1);
    assertThat(quick.calls()).hasSize(4);
  }

  @Test
  void aTargetThatIsDownCostsNobodyAnAnswer() {
    RawUpstream well = app();
    Door door =
        door(down().uri() + ", " + well.uri(), ", eject: {after: 2, for: 10m, at-most: 10m}");

    for (int i = 0; i < 8; i++) {
      assertThat(ask(door, "/").status()).isEqualTo(200);
    }
    assertThat(well.calls()).hasSize(8);
    assertThat(ready(door).status()).isEqualTo(200);
    assertThat(ready(door).text()).contains("upstream /**: 1 of 2 targets well");
    assertThat(metrics(door))
        .contains("gatehouse_upstream_repeats_total{reason=\"upstream-down\"} 2");
  }

  @Test
  void aTargetThatWasDownIsTriedLater() {
    HeldPort down = down();
    Door door =
        door(down.uri() + ", " + app().uri(), ", eject: {after: 1, for: 300ms, at-most: 1s}");
    for (int i = 0; i < 4; i++) {
      assertThat(ask(door, "/").status()).isEqualTo(200);
    }

    RawUpstream back = up(down);
    await()
        .untilAsserted(
            () -> {
              assertThat(ask(door, "/").status()).isEqualTo(200);
              assertThat(back.calls().size()).isGreaterThan(2);
            });
    assertThat(ready(door).text()).doesNotContain("complaints");
  }

  @Test
  void aPostThatNobodyTookGoesToAnother() throws Exception {
    RawUpstream well = app();
    Door door = door(down().uri() + ", " + well.uri(), "");
    for (int i = 0; i < 2; i++) {
      try (Wire wire = door.wire()) {
        assertThat(
                wire.send("POST /p HTTP/1.1\r\nHost: app.example\r\nContent-Length: 3\r\n\r\nabc")
                    .read("POST")
                    .orElseThrow()
                    .status())
            .isEqualTo(200);
      }
    }
    assertThat(well.calls()).hasSize(2);
  }

  @Test
  void theLastTargetsAreTriedAnyway() throws Exception {
    HeldPort first = down();
    HeldPort second = down();
    Door door =
        door(first.uri() + ", " + second.uri(), ", eject: {after: 1, for: 10m, at-most: 10m}");

    for (int i = 0; i < 4; i++) {
      Reply reply = ask(door, "/");
      assertThat(reply.status()).isEqualTo(502);
      assertThat(reply.whole()).doesNotContain("" + first.number(), "" + second.number());
    }
    RawUpstream back = up(second);
    assertThat(ask(door, "/").status()).isEqualTo(200);
    assertThat(ask(door, "/").status()).isEqualTo(200);
    assertThat(back.calls()).hasSize(2);
  }

  @Test
  void statusesCountByTheSwitchAlone() {
    RawUpstream bad = keep(RawUpstream.answering("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
    RawUpstream well = app();
    String targets = bad.uri() + ", " + well.uri();

    Door without = door(targets, ", eject: {after: 1, for: 10m, at-most: 10m}");
    assertThat(statuses(without)).containsExactlyInAnyOrder(503, 200, 503, 200);
    Door with = door(targets, ", eject: {after: 1, for: 10m, at-most: 10m, on-status: true}");
    assertThat(statuses(with)).containsExactlyInAnyOrder(503, 200, 200, 200);
  }

  private static List<Integer> statuses(Door door) {
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      statuses.add(ask(door, "/").status());
    }
    return statuses;
  }

  @Test
  void questionsTakeOutAndBringBack() {
    AtomicBoolean sick = new AtomicBoolean();
    RawUpstream one =
        keep(
            new RawUpstream(
                call -> {
                  boolean no = sick.get() && call.target().equals("/up?deep=1");
                  call.send(no ? "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n" : RawUpstream.OK);
                  return true;
                }));
    RawUpstream two = app();
    Door door =
        door(
            one.uri() + ", " + two.uri(),
            ", health-check: {path: '/up?deep=1', interval: 100ms, timeout: 10s, rise: 2, fall: 2}");
    await().until(() -> one.calls().size() >= 2);
    assertThat(one.calls().get(0).fields("Host")).containsExactly("app.example");
    await()
        .until(
            () -> metrics(door).contains("_up{target=\"" + one.uri() + "\",upstream=\"/**\"} 1"));

    sick.set(true);
    await()
        .until(
            () -> metrics(door).contains("_up{target=\"" + one.uri() + "\",upstream=\"/**\"} 0"));
    long before = asked(one);
    for (int i = 0; i < 4; i++) {
      assertThat(ask(door, "/page").status()).isEqualTo(200);
    }
    assertThat(asked(one)).isEqualTo(before);
    assertThat(ready(door).text()).contains("1 of 2 targets well");

    sick.set(false);
    await()
        .until(
            () -> metrics(door).contains("_up{target=\"" + one.uri() + "\",upstream=\"/**\"} 1"));
  }

  private static long asked(RawUpstream app) {
    return app.calls().stream().filter(call -> call.target().equals("/page")).count();
  }

  @Test
  void withoutAHealthyTargetThereIs503() {
    RawUpstream sick = keep(RawUpstream.answering("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
    Door door =
        door("" + sick.uri(), ", health-check: {path: /up, interval: 100ms, rise: 1, fall: 1}");

    await().until(() -> ask(door, "/page").status() == 503);
    assertThat(ask(door, "/page").text()).isEqualTo("UPSTREAM_UNAVAILABLE no-healthy-upstream");
    assertThat(ready(door).status()).isEqualTo(503);
    assertThat(ready(door).text()).contains("no-healthy-upstream");
    assertThat(door.gate().failures()).contains("no-healthy-upstream");
  }
}
