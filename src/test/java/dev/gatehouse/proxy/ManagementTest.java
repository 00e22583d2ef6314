package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  private Reply end(String body, String... fields) {
    int port = door.server().managementAddress().orElseThrow().port();
    StringBuilder request = new StringBuilder("POST /sessions/end HTTP/1.1\r\n");
    List<String> all = new ArrayList<>(List.of(fields));
    if (all.stream().noneMatch(field -> field.startsWith("Host:"))) {
      all.add("Host: 127.0.0.1:" + port);
    }
    if (all.stream().noneMatch(field -> field.startsWith("Content-Type:"))) {
      all.add("Content-Type: application/json");
    }
    all.add("Content-Length: " + body.length());
    all.forEach(field -> request.append(field).append("\r\n"));
    try (Wire wire = Wire.open(port, "127.0.0.1")) {
      return wire.send(request + "\r\n" + body).read("POST").orElseThrow();
    }
  }

  @Test
  @Rule("TH-SES-13")
  void anOperatorEndsOneSessionOrAllOfAUser() {
    Reply one = end("{\"session\":\"0a1b2c3d\"}");
    assertThat(one.status()).as("%s", one).isEqualTo(200);
    assertThat(one.text()).isEqualTo("{\"status\":\"ended\"}");
    assertThat(end("{\"issuer\":\"https://op.example\",\"subject\":\"alice\"}").status())
        .isEqualTo(200);

    assertThat(door.ended()).containsExactly("0a1b2c3d", "https://op.example alice");
  }

  @Test
  void whatIsWrongWithACommandIsSaid() {
    Reply reply = end("{\"issuer\":\"http://x\",\"subject\":\"alice\"}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("no provider has the issuer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"session\":\"a\",\"subject\":\"b\"}",
        "{\"subject\":\"alice\"}",
        "{\"session\":\"a\",\"session\":\"b\"}",
        "session=0a1b2c3d"
      })
  void aCommandThatSaysSomethingElseEndsNothing(String body) {
    assertThat(end(body).status()).isEqualTo(400);
    assertThat(door.ended()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Host: gateway.internal, 403",
    "Host: evil.example:9090, 403",
    "Host: 127.0.0.1.evil.example, 403",
    "Origin: http://127.0.0.1, 403",
    "Origin: https://evil.example, 403",
    "Sec-Fetch-Site: none, 403",
    "X-Forwarded-For: 203.0.113.7, 403",
    "Forwarded: for=203.0.113.7, 403",
    "Via: 1.1 proxy, 403",
    "Content-Type: text/plain, 415",
    "Content-Type: application/x-www-form-urlencoded, 415",
    "Content-Type: application/jsonp, 415",
  })
  @Rule("TH-SES-13")
  void whatABrowserOrAProxyCouldHaveSentIsRefused(String field, int status) {
    assertThat(end("{\"session\":\"0a1b2c3d\"}", field).status()).isEqualTo(status);
    assertThat(door.ended()).isEmpty();
  }

  @Test
  void aCommandIsPostedAndShort() {
    assertThat(end("{\"session\":\"" + "a".repeat(5_000) + "\"}").status()).isEqualTo(413);
    int port = door.server().managementAddress().orElseThrow().port();
    try (Wire wire = Wire.open(port, "127.0.0.1")) {
      Reply get =
          wire.send("GET /sessions/end HTTP/1.1\r\nHost: localhost\r\n\r\n")
              .read("GET")
              .orElseThrow();
      assertThat(get.status()).isEqualTo(405);
      assertThat(get.header("Allow")).isEqualTo("POST");
    }
    assertThat(door.ended()).isEmpty();
  }
}
