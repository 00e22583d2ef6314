package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a connection to the app may be silent: with a request on it, and without. */
class KeptConnectionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CountDownLatch never = new CountDownLatch(1);
  private RawUpstream app;
  private Door door;

  @BeforeEach
  void listen() {
    app = new RawUpstream(this::answer);
  }

  private void open(String responseTimeout) {
    door =
        Door.reading(
            """
            upstream: %s
            limits:
              upstream-keep-alive: 300ms
              response-timeout: %s
              upstream-idle-timeout: 1m
            """
                .formatted(app.uri(), responseTimeout));
  }

  private boolean answer(RawUpstream.Call call) throws IOException {
    try {
      if (call.target().equals("/slow")) {
        never.await(900, TimeUnit.MILLISECONDS);
      } else if (call.target().equals("/never")) {
        never.await();
      }
    } catch (InterruptedException e) {
      return false; // the test is over
    }
    call.send(RawUpstream.OK);
    return true;
  }

  @AfterEach
  void close() {
    never.countDown();
    door.close();
    app.close();
  }

  private Reply ask(Wire wire, String path) {
    return wire.send("GET " + path + " HTTP/1.1\r\nHost: app.example\r\n\r\n")
        .read("GET")
        .orElseThrow();
  }

  @Test
  void aRequestMayTakeLongerThanAConnectionIsKept() {
    open("1m");
    try (Wire wire = door.wire()) {
      assertThat(ask(wire, "/").status()).isEqualTo(200);
      assertThat(ask(wire, "/slow").status()).isEqualTo(200);
      assertThat(ask(wire, "/slow").status()).isEqualTo(200);
    }
  }

  @Test
  void aSilentAppIsGivenUpOnAKeptConnectionToo() {
    open("2s");
    try (Wire wire = door.wire()) {
      assertThat(ask(wire, "/").status()).isEqualTo(200);
      assertThat(ask(wire, "/never").status()).isEqualTo(504);
    }
  }

  @Test
  void afterASlowAnswerItIsKeptNoLongerThanAfterAQuickOne() {
    open("1m");
    try (Wire wire = door.wire()) {
      for (String path : new String[] {"/", "/slow", "/"}) {
        assertThat(ask(wire, path).status()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> app.open() == 0);
      }
    }
    assertThat(app.calls()).extracting(RawUpstream.Call::socket).hasSize(3).doesNotHaveDuplicates();
  }
}
