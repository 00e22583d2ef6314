package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Wire;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kept connection to the app is nobody's: what a client sent over it, token and all, is gone. */
class ForgottenRequestTest {
  private static final String KEPT = "upstream: %s\nlimits: {upstream-keep-alive: 1m}\n";

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"})
  @Rule("TH-BEAR-12")
  void nothingOfARequestIsKeptBehindItsAnswer(String before) {
    try (RawUpstream app = RawUpstream.answering(before + RawUpstream.OK);
        Door door = Door.reading(KEPT.formatted(app.uri()))) {
      try (Wire wire = door.wire()) {
        wire.send("GET / HTTP/1.0\r\nHost: app.example\r\nAuthorization: Bearer T\r\n\r\n");
        assertThat(wire.read("GET").orElseThrow().text()).isEqualTo("ok");
      }
      WeakReference<?> request = door.gate().last();
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                System.gc();
                return request.get() == null;
              });
      assertThat(app.open()).isEqualTo(1);
    }
  }
}
