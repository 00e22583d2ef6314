package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * HTTP/2 is not spoken on the plain port, so that nothing of it has to be translated (RFC 9113
 * §3.3). {@link TlsTest} shows the same for TLS.
 */
class NoHttp2Test {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";

  /** GET / at http, in the static table of HPACK (RFC 7541 Appendix A), and the end of stream 1. */
  private static final String REQUEST = "\0\0\3\1\5\0\0\0\1" + "\u0082\u0084\u0086";

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

  @Test
  @Rule("TH-HTTP-5")
  void theConnectionPrefaceIsRefusedAndTheConnectionEnds() {
    RawClient.Outcome refused = RawClient.untilClosed(door.port(), PREFACE + SETTINGS + REQUEST);

    assertThat(refused.statuses()).allMatch(status -> status == 400 || status == 505);
    assertThat(app.calls()).isEmpty();
    RawClient.Outcome mended =
        RawClient.untilClosed(
            door.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertThat(mended.statuses()).containsExactly(200);
  }

  @Test
  @Rule("TH-HTTP-5")
  void noUpgradeLeadsToHttp2() {
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
