package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.HostPort;
import dev.gatehouse.config.Listener;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The port of plain HTTP, which sends to https and does nothing else. */
class HttpsRedirectTest {
  private static RawUpstream app;
  private static Door door;
  private static int port;

  @BeforeAll
  static void open() {
    app = RawUpstream.answering(RawUpstream.OK);
    door =
        Door.before(
            app,
            ChangedLimits.of().headTimeout(Duration.ofSeconds(1)).limits(),
            Optional.empty(),
            new Listener(true, false, false, Optional.of(new HostPort("127.0.0.1", 0))),
            List.of());
    port = door.server().redirectAddress().orElseThrow().port();
  }

  @AfterAll
  static void close() {
    door.close();
    app.close();
  }

  private static RawClient.Outcome ask(String request) {
    RawClient.Outcome outcome = RawClient.untilClosed(port, request);
    assertThat(app.calls()).isEmpty();
    assertThat(outcome.text())
        .doesNotContainIgnoringCase("Set-Cookie")
        .doesNotContainIgnoringCase("Strict-Transport-Security")
        .doesNotContainIgnoringCase("Server:");
    return outcome;
  }

  private static RawClient.Outcome get(String target) {
    return ask("GET " + target + " HTTP/1.1\r\nHost: app.example\r\nCookie: a=b\r\n\r\n");
  }

  private static String location(RawClient.Outcome outcome) {
    assertThat(outcome.statuses()).as(outcome.text()).containsExactly(308);
    return outcome
        .text()
        .lines()
        .filter(line -> line.startsWith("Location: "))
        .findFirst()
        .orElseThrow()
        .substring("Location: ".length());
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/x, /x",
    "/x/y?a=b&c=d%20e, /x/y?a=b&c=d%20e",
    "/x?, /x?",
    "//evil.example/, //evil.example/",
    "/x?rd=//evil.example, /x?rd=//evil.example",
    "/a/%2e%2e/x, /a/%2e%2e/x",
    "http://app.example/x, /x",
    "/a;jsessionid=AB12, /a",
    "/gatehouse/callback?code=c&state=s, /gatehouse/callback",
    "/x?_=1&b, /x?_=1&b",
  })
  @Rule("TH-HTTP-15")
  void allGoesToTheSamePlaceUnderHttps(String target, String location) {
    assertThat(location(get(target))).isEqualTo("https://app.example" + location);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "POST", "PUT", "DELETE", "OPTIONS", "JEFF"})
  @Rule("TH-HTTP-15")
  void everyMethodIsSentOnAndNoBodyIsRead(String method) {
    RawClient.Outcome outcome =
        ask(method + " /x HTTP/1.1\r\nHost: app.example\r\nContent-Length: 100000\r\n\r\n");

    assertThat(location(outcome)).isEqualTo("https://app.example/x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"app.example", "APP.example", "app.example:80", "app.example:8080"})
  void theNameCountsAndNotThePort(String host) {
    assertThat(location(ask("GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n")))
        .isEqualTo("https://app.example/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "app.example.evil.example",
        "evil.example:443",
        "127.0.0.1",
        "[::1]",
        "app.example.",
        "localhost",
        "xapp.example"
      })
  @Rule("TH-HTTP-6")
  @Rule("TH-HTTP-15")
  void anotherNameIsMisdirected(String host) {
    RawClient.Outcome outcome =
        ask("GET /x HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-Host: app.example\r\n\r\n");

    assertThat(outcome.statuses()).containsExactly(421);
    assertThat(outcome.text()).doesNotContain("Location", "evil");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /x HTTP/1.1\\r\\n | 400",
        "GET /x HTTP/1.1\\r\\nHost: app.example\\r\\nHost: app.example\\r\\n | 400",
        "GET http://evil.example/x HTTP/1.1\\r\\nHost: app.example\\r\\n | 400",
        "GET x HTTP/1.1\\r\\nHost: app.example\\r\\n | 400",
        "OPTIONS * HTTP/1.1\\r\\nHost: app.example\\r\\n | 400",
        "GET /x\\\\y HTTP/1.1\\r\\nHost: app.example\\r\\n | 400",
        "GET /x?<script> HTTP/1.1\\r\\nHost: app.example\\r\\n | 400",
        "GET /\u00e9 HTTP/1.1\\r\\nHost: app.example\\r\\n | 400",
        "GET /x#y HTTP/1.1\\r\\nHost: app.example\\r\\n | 400",
        "TRACE /x HTTP/1.1\\r\\nHost: app.example\\r\\n | 405",
        "CONNECT app.example:443 HTTP/1.1\\r\\nHost: app.example\\r\\n | 405",
        "PRI * HTTP/2.0\\r\\n | 505",
      })
  @Rule("TH-HTTP-15")
  void whatIsNoGoodRequestGoesNowhere(String head, int status) {
    RawClient.Outcome outcome =
        ask(head.replace("\\r\\n", "\r\n").replace("\\\\", "\\").strip() + "\r\n\r\n");

    assertThat(outcome.statuses())
        .as(outcome.text())
        .hasSize(1)
        .allMatch(s -> s == status || s == 400);
    assertThat(outcome.text()).doesNotContain("Location");
  }

  @Test
  @Rule("TH-DOS-8")
  void limitsHoldHereToo() {
    assertThat(get("/" + "a".repeat(8000)).statuses()).containsExactly(308);
    assertThat(get("/" + "a".repeat(9000)).statuses()).containsExactly(414);
    assertThat(get("/ HTTP/1.1\r\n" + "X: y\r\n".repeat(99) + "Y: z").statuses().get(0))
        .isIn(400, 431);
    assertThat(
            ask("GET / HTTP/1.1\r\nHost: app.example\r\nX: " + "y".repeat(40_000) + "\r\n\r\n")
                .statuses())
        .containsExactly(431);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x?access_token=SECRET",
        "/x?a=b&access%5ftoken=SECRET",
        "/x?a=b&id_token=SECRET&c=d",
        "/x/access_token=SECRET"
      })
  @Rule("TH-HTTP-15")
  @Rule("TH-LEAK-1")
  void aTokenIsNotRepeated(String target) {
    RawClient.Outcome outcome = get(target);

    assertThat(outcome.statuses()).containsExactly(400);
    assertThat(outcome.text()).doesNotContain("SECRET");
    assertThat(get(target.replaceAll("(access|id)(_|%5f)token", "other")).statuses())
        .containsExactly(308);
  }

  @Test
  @Rule("TH-DOS-10")
  void whoIsSlowIsCut() throws Exception {
    try (Socket slow = RawClient.connect(port)) {
      slow.getOutputStream().write("GET / HTTP/1.1\r\nHo".getBytes());
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void oneRequestIsAllThereIs() {
    RawClient.Outcome outcome =
        ask(
            "GET /x HTTP/1.1\r\n"
                + "Host: app.example\r\n\r\n"
                + "GET /y HTTP/1.1\r\n"
                + "Host: app.example\r\n\r\n");

    assertThat(outcome.statuses()).containsExactly(308);
    assertThat(outcome.text()).containsIgnoringCase("Connection: close");
  }
}
