package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testkit.Wire;
import java.time.Duration;
import java.util.Optional;

/** What must be left of a request that has ended well or badly: nothing. */
final class Leftovers {
  private static final String FINE = "GET /fine HTTP/1.1\r\nHost: app.example\r\n\r\n";

  private Leftovers() {}

  /**
   * Waits until the gateway has let go of all connections, buffers, threads and counts, with the
   * clients of the test gone. An app answers {@code /fine} with {@link RawUpstream#OK}, and does so
   * for the next client.
   */
  static void none(Door door) {
    awaitNothing(door);
    try (Wire wire = door.wire()) {
      assertThat(wire.send(FINE).read("GET").orElseThrow().text()).isEqualTo("ok");
    }
    awaitNothing(door);
  }

  private static void awaitNothing(Door door) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(door.server().inventory()).isEqualTo(new Inventory(0, 0, 0, 0, 0));
              assertThat(door.metrics().exposition(Optional.empty()).text())
                  .contains("gatehouse_tunnels_open 0.0")
                  .contains("gatehouse_requests_running 0.0");
            });
  }
}
