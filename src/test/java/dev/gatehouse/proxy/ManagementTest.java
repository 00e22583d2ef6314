package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the management port says. */
class ManagementTest {
  private RawUpstream app;
  private Door door;

  @BeforeEach
  void open() {
    app = RawUpstream.answering(RawUpstream.OK);
    door = Door.before(app);
  }

  @AfterEach
  void close() {
    door.close();
    app.close();
  }

  private Reply ask(String method, String path) {
    int port = door.server().managementAddress().orElseThrow().port();
    try (Wire wire = Wire.open(port, "127.0.0.1")) {
      return wire.send(method + " " + path + " HTTP/1.1\r\nHost: m\r\n\r\n")
          .read(method)
          .orElseThrow();
    }
  }

  @Test
  void aGatewayThatServesIsLiveAndReady() {
    assertThat(ask("GET", "/health/live").text()).isEqualTo("{\"status\":\"live\"}");
    assertThat(ask("GET", "/health/ready").text()).isEqualTo("{\"status\":\"ready\"}");
    assertThat(ask("GET", "/health/ready").header("Content-Type")).isEqualTo("application/json");
    assertThat(ask("HEAD", "/health/ready").status()).isEqualTo(200);
  }

  @Test
  void readinessSaysWhyLoginsWouldFail() {
    door.notReady("the \"OP\" is\ndown");

    assertThat(ask("GET", "/health/ready").status()).isEqualTo(503);
    assertThat(ask("GET", "/health/ready").text())
        .isEqualTo("{\"status\":\"not-ready\",\"reason\":\"the \\\"OP\\\" is\\ndown\"}");
    assertThat(ask("GET", "/health/live").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, 404",
    "GET, /health, 404",
    "GET, /health/live/, 404",
    "GET, /metrics, 404",
    "POST, /health/ready, 405",
    "DELETE, /health/live, 405",
    "GET, /%68ealth/live, 404"
  })
  void nothingElseIsServed(String method, String path, int status) {
    assertThat(ask(method, path).status()).isEqualTo(status);
    assertThat(app.calls()).isEmpty();
  }

  @Test
  void healthIsNotServedWhereUsersCome() {
    try (Wire wire = door.wire()) {
      wire.send("GET /health/live HTTP/1.1\r\nHost: app.example\r\n\r\n").read("GET");
    }

    assertThat(app.calls()).hasSize(1);
  }

  @Test
  void theReadyLineSaysWhereItServes() {
    assertThat(door.server().readyLine())
        .isEqualTo(
            "ready: https://app.example → "
                + app.uri()
                + " (listening on 127.0.0.1:"
                + door.port()
                + ")");
  }
}
