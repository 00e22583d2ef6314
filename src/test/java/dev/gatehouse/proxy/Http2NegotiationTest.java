package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.Listener;
import dev.gatehouse.testkit.RawHttp2;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * HTTP/2 without TLS is spoken where the configuration says so, with clients that begin with its
 * preface (RFC 9113 §3.3). {@link TlsTest} shows what is negotiated over TLS.
 */
class Http2NegotiationTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";

  /** GET / at http, in the static table of HPACK (RFC 7541 Appendix A), and the end of stream 1. */
  private static final String REQUEST = "\0\0\3\1\5\0\0\0\1" + "\u0082\u0084\u0086";

  private static final String HTTP_1 = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  private RawUpstream app;

  @BeforeEach
  void open() {
    app = RawUpstream.answering(RawUpstream.OK);
  }

  @AfterEach
  void close() {
    app.close();
  }

  private Door door(boolean h2c) {
    return Door.before(
        app,
        Door.LIMITS,
        Optional.empty(),
        new Listener(true, h2c, false, Optional.empty()),
        List.of());
  }

  @Test
  @Rule("TH-HTTP-5")
  void whereItIsOffThePrefaceIsRefusedAndTheConnectionEnds() {
    try (Door door = door(false)) {
      RawClient.Outcome refused = RawClient.untilClosed(door.port(), PREFACE + SETTINGS + REQUEST);

      assertThat(refused.statuses()).allMatch(status -> status == 400 || status == 505);
      assertThat(app.calls()).isEmpty();
    }
    try (Door door = door(true);
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/");
      assertThat(client.await(1).status()).as("where it is on").isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Rule("TH-HTTP-5")
  void noUpgradeLeadsToHttp2(boolean h2c) {
    try (Door door = door(h2c)) {
      RawClient.Outcome outcome =
          RawClient.untilClosed(
              door.port(),
              "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\n"
                  + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");

      assertThat(outcome.statuses()).containsExactly(200);
      assertThat(app.calls())
          .singleElement()
          .satisfies(
              call ->
                  assertThat(call.head())
                      .doesNotContainIgnoringCase("upgrade")
                      .doesNotContainIgnoringCase("http2-settings"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void http11IsServedBesideIt(boolean h2c) {
    try (Door door = door(h2c)) {
      assertThat(RawClient.untilClosed(door.port(), HTTP_1).statuses()).containsExactly(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r",
        "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
        "PRI / HTTP/1.1\r\nHost: a\r\n\r\nSM\r\n\r\n",
        "pri * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      })
  @Rule("TH-HTTP-5")
  void whatResemblesThePrefaceIsNone(String bytes) {
    try (Door door = door(true)) {
      RawClient.Outcome outcome = RawClient.untilClosed(door.port(), bytes + SETTINGS + REQUEST);

      List<Integer> statuses = outcome.statuses();
      assertThat(statuses).as(outcome.text()).isNotEmpty();
      assertThat(statuses.get(statuses.size() - 1)).isGreaterThanOrEqualTo(400);
      assertThat(app.calls()).hasSizeLessThanOrEqualTo(1);
    }
  }
}
