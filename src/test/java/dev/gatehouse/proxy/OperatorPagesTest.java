package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics and the leak report at the management port. */
class OperatorPagesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HOSTILE = "<script>alert(1)</script>";

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

  private Reply get(String target, String... fields) {
    return send("GET", target, "Host: 127.0.0.1", fields);
  }

  private Reply send(String method, String target, String host, String... fields) {
    StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    request.append(host).append("\r\n");
    for (String field : fields) {
      request.append(field).append("\r\n");
    }
    int port = door.server().managementAddress().orElseThrow().port();
    try (Wire wire = Wire.open(port, "127.0.0.1")) {
      return wire.send(request + "\r\n").read(method).orElseThrow();
    }
  }

  private void leak(String name, String host) {
    door.leaks()
        .note(
            new Leak(
                Instant.now(),
                "/**",
                name,
                Leak.Place.QUERY,
                "0a1b2c3d",
                Leak.Outcome.REPORTED,
                false,
                host,
                "curl"));
  }

  @Test
  @Rule("TH-LEAK-6")
  void theReportIsToldInThreeFormats() {
    leak("access_token", "portal.example");

    assertThat(get("/leaks").text())
        .contains("These would break.", "access_token", "portal.example", "0a1b2c3d", "curl");
    assertThat(get("/leaks").header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(get("/leaks.json").text())
        .contains("\"verdict\":\"breaks\"", "\"name\":\"access_token\"", "portal.example");
    assertThat(get("/leaks.json").header("Content-Type")).isEqualTo("application/json");
    Reply csv = get("/leaks.csv");
    assertThat(csv.text()).contains("\r\n/**,report,breaks,access_token,query,1,0,0,1,");
    assertThat(csv.header("Content-Type")).isEqualTo("text/csv; charset=utf-8; header=present");
    assertThat(csv.header("Content-Disposition")).startsWith("attachment;");
  }

  @Test
  void aQuietGatewaySaysSo() {
    assertThat(get("/leaks").text())
        .contains("No request came since the start: nothing is known yet.", "Nothing seen.")
        .contains("Less than a day has been watched");
  }

  @Test
  void theFilterIsAForm() {
    leak("access_token", "portal.example");
    leak("jwt", "other.example");

    assertThat(get("/leaks.csv?name=JWT").text()).contains("jwt").doesNotContain("access_token");
    assertThat(get("/leaks.csv?host=portal&name=&mode=").text())
        .contains("access_token")
        .doesNotContain("jwt");
    assertThat(get("/leaks?place=form").text()).contains("Nothing fits this filter.");
    assertThat(get("/leaks?name=jwt&place=query").text())
        .contains("value=\"jwt\"", "<option selected=\"selected\">query</option>")
        .contains("/leaks.csv?name=jwt&amp;place=query");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"?nmae=jwt", "?name=a&name=b", "?name=%FF", "?name=%zz", "?name=%", "?=", "?x"})
  void aFilterThatIsNotUnderstoodShowsNothing(String query) {
    leak("access_token", "portal.example");

    assertThat(get("/leaks?name=acc").status()).isEqualTo(200);
    assertThat(get("/leaks" + query).status()).isEqualTo(400);
    assertThat(get("/leaks" + query).text()).doesNotContain("access_token", "nmae");
  }

  @Test
  void hostileTextsAreTextInThePage() {
    leak(HOSTILE, "<b>.example");
    leak("jwt", "\"onload=x");

    Reply page = get("/leaks?name=%3Cscript%3Ealert%281%29%3C%2Fscript%3E");
    assertThat(page.text()).contains("&lt;script&gt;alert(1)").doesNotContain("<script");
    assertThat(get("/leaks").text()).doesNotContain("<script", "<b>", "\"onload");
  }

  @Test
  @Rule("TH-CSRF-7")
  void nothingIsStoredFramedRunOrReadByOthers() {
    for (String path : new String[] {"/leaks", "/leaks.json", "/leaks.csv", "/metrics"}) {
      Reply reply = get(path);
      assertThat(reply.status()).as(path).isEqualTo(200);
      assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
      assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
      assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(reply.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
      assertThat(reply.header("Access-Control-Allow-Origin")).isNull();
      assertThat(reply.header("Content-Security-Policy"))
          .startsWith("default-src 'none'")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe", "script-src");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example",
        "Host: 127.0.0.1.evil.example",
        "Host: gateway",
        "Host: localhost.",
        "Host: localhost@evil.example"
      })
  void anotherNameIsNotAnswered(String host) {
    leak("access_token", "portal.example");

    for (String path : new String[] {"/leaks", "/leaks.json", "/leaks.csv", "/metrics"}) {
      assertThat(send("GET", path, "Host: localhost:9090").status()).as(path).isEqualTo(200);
      Reply refused = send("GET", path, host);
      assertThat(refused.status()).as(path).isIn(400, 403);
      assertThat(refused.text()).doesNotContain("access_token", "gatehouse_");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Origin: https://evil.example, 403",
    "Origin: http://127.0.0.1, 403",
    "Sec-Fetch-Site: cross-site, 403",
    "Sec-Fetch-Site: same-site, 403",
    "X-Forwarded-For: 203.0.113.7, 403",
    "Forwarded: for=203.0.113.7, 403",
    "Via: 1.1 proxy, 403",
    "Sec-Fetch-Site: none, 200",
    "Sec-Fetch-Site: same-origin, 200"
  })
  void whatAnotherSiteOrAProxySendsIsNotAnswered(String field, int status) {
    assertThat(get("/leaks.json", field).status()).isEqualTo(status);
  }

  @Test
  void aPersonMayFollowALinkThere() {
    assertThat(
            get(
                    "/leaks",
                    "Sec-Fetch-Site: cross-site",
                    "Sec-Fetch-Mode: navigate",
                    "Sec-Fetch-Dest: document")
                .status())
        .isEqualTo(200);
    assertThat(
            get(
                    "/leaks",
                    "Sec-Fetch-Site: cross-site",
                    "Sec-Fetch-Mode: navigate",
                    "Sec-Fetch-Dest: iframe")
                .status())
        .isEqualTo(403);
  }

  @Test
  void theReportIsNotServedWhereUsersCome() {
    try (Wire wire = door.wire()) {
      wire.send("GET /leaks HTTP/1.1\r\nHost: app.example\r\n\r\n").read("GET");
    }

    assertThat(app.calls()).hasSize(1);
  }

  @Test
  void theReportIsReadOnly() {
    Reply reply = send("POST", "/leaks", "Host: localhost", "Content-Length: 0");

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
    assertThat(send("HEAD", "/leaks", "Host: localhost").status()).isEqualTo(200);
  }

  @Test
  void requestsAreCountedByWhoAnsweredThem() {
    try (Wire wire = door.wire()) {
      wire.send("GET /page HTTP/1.1\r\nHost: app.example\r\n\r\n").read("GET");
      wire.send("GET /refused HTTP/1.1\r\nHost: app.example\r\n\r\n").read("GET");
    }

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(get("/metrics").text())
                    .contains(
                        "gatehouse_requests_seconds_count{decision=\"forwarded\",status=\"2xx\"} 1",
                        "gatehouse_requests_seconds_count{decision=\"answered\",status=\"4xx\"}"
                            + " 1"));
  }

  @Test
  void anAppThatIsDownIsCounted() {
    door.close();
    try (HeldPort down = HeldPort.take()) {
      door = Door.before(down.uri(), Door.LIMITS, Optional.empty());
      try (Wire wire = door.wire()) {
        wire.send("GET /page HTTP/1.1\r\nHost: app.example\r\n\r\n").read("GET");
      }

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(get("/metrics").text())
                      .contains("gatehouse_upstream_failures_total{reason=\"upstream-down\"} 1"));
    }
  }

  @Test
  void metricsSpeakBothFormats() {
    assertThat(get("/metrics").header("Content-Type"))
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    Reply open = get("/metrics", "Accept: application/openmetrics-text;version=1.0.0,*/*;q=0.1");
    assertThat(open.header("Content-Type")).startsWith("application/openmetrics-text");
    assertThat(open.text()).endsWith("# EOF\n");
  }
}
