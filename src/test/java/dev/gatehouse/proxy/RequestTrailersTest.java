package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.RawHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sends behind a body (RFC 9110 §6.5), and what of it the app gets. */
@Timeout(60)
class RequestTrailersTest {
  private static final String POST = "POST / HTTP/1.1\r\nHost: app.example\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n";
  private static final GatehouseConfig.Limits FEW_FIELDS =
      ChangedLimits.of().head(32 * 1024, 8 * 1024, 10).limits();

  private final List<String> whole = new CopyOnWriteArrayList<>();
  private final CountDownLatch answered = new CountDownLatch(1);
  private RawUpstream app;
  private Door door;

  @BeforeEach
  void open() {
    app = new RawUpstream(this::serve);
    door = Door.speakingH2c(app, FEW_FIELDS);
  }

  @AfterEach
  void close() {
    Leftovers.none(door);
    door.close();
    app.close();
  }

  private boolean serve(RawUpstream.Call call) throws IOException {
    if (call.target().equals("/early")) {
      call.in().readNBytes("3\r\nabc".length());
      call.send(RawUpstream.OK);
      answered.countDown();
      // The gateway may give the rest, and the connection a further request, or neither.
      String rest = "";
      for (int b = call.in().read(); b >= 0 && !rest.endsWith("\r\n\r"); b = call.in().read()) {
        rest += (char) b;
      }
      return true;
    }
    String body = new String(call.body());
    whole.add(body + "|" + call.trailers());
    call.send(RawUpstream.OK);
    return true;
  }

  private Reply post(String fields, String section) {
    try (Wire wire = door.wire()) {
      return wire.send(POST + fields + CHUNKED + section + "\r\n").read("POST").orElseThrow();
    }
  }

  private RawHttp2.Stream postHttp2(String length, String... section) {
    try (RawHttp2 client = RawHttp2.open(door.port())) {
      String[] head =
          length == null
              ? RawHttp2.head("POST", "/")
              : RawHttp2.head("POST", "/", "content-length", length);
      client.headers(1, false, head);
      client.data(1, false, "abc");
      client.headers(1, true, section);
      return client.await(1);
    }
  }

  @Test
  void theyReachTheAppAsTheyCame() {
    for (int i = 0; i < 2; i++) {
      door.rest();
      assertThat(post("", "X-Sum: 1\r\nx-two:a, b\r\nX-Two: c\r\nX-Empty:\r\n").status())
          .isEqualTo(200);
    }

    String section = "X-Sum: 1\nx-two: a, b\nX-Two: c\nX-Empty:\n";
    assertThat(whole).containsExactly("abc|" + section, "abc|" + section);
    assertThat(app.calls().get(0).fields("Transfer-Encoding")).containsExactly("chunked");
    assertThat(app.calls().get(0).fields("Content-Length")).isEmpty();
    assertThat(app.calls().stream().map(RawUpstream.Call::socket).distinct()).hasSize(1);
  }

  @Test
  void thoseOfHttp2ReachTheAppBehindChunks() {
    RawHttp2.Stream answer = postHttp2(null, "x-sum", "1", "x-two", "2");

    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(whole).containsExactly("abc|x-sum: 1\nx-two: 2\n");
  }

  @Test
  void theyEndHereBehindABodyOfKnownLength() {
    assertThat(postHttp2("3", "x-sum", "1").status()).isEqualTo(200);

    assertThat(whole).containsExactly("abc|");
    assertThat(app.calls().get(0).fields("Content-Length")).containsExactly("3");
    assertThat(app.calls().get(0).fields("Transfer-Encoding")).isEmpty();
  }

  @Test
  void aBodyInChunksNeedsNone() {
    assertThat(post("", "").status()).isEqualTo(200);
    assertThat(post("", "X-Sum: 1\r\n").status()).isEqualTo(200);
    assertThat(post("", "Host: evil.example\r\n").status()).isEqualTo(200);

    assertThat(whole).containsExactly("abc|", "abc|X-Sum: 1\n", "abc|");
  }

  @Test
  @Rule("TH-HDR-2")
  @Rule("TH-HTTP-1")
  void whatTheHeadMayNotHaveTheyMayNotEither() {
    Reply reply =
        post(
            "Connection: X-Hop\r\n",
            "X-Hop: mallory\r\nX-Gatehouse-User: mallory\r\nX_Gatehouse_User: mallory\r\n"
                + "Cookie: a=mallory\r\nTE: mallory\r\nX-Sum: 1\r\n");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(whole).containsExactly("abc|X-Sum: 1\n");
    assertThat(postHttp2(null, "x-gatehouse-user", "mallory", "x-sum", "1").status())
        .isEqualTo(200);
    assertThat(whole.get(1)).isEqualTo("abc|x-sum: 1\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Sum : 1\r\n",
        "X-Sum\t: 1\r\n",
        "X-Sum: 1\r\n X-Fold: 2\r\n",
        " X-Sum: 1\r\n",
        "X-Sum: 1\nX-Lf: 2\r\n",
        "X-Sum: 1\rX-Cr: 2\r\n",
        "X-Sum: 1\0\r\n",
        "X\0Sum: 1\r\n",
        "X-Sum: \u0001\r\n",
        ": 1\r\n",
        "X-Sum\r\n",
        "X Sum: 1\r\n",
      })
  @Rule("TH-HTTP-4")
  @Rule("TH-HTTP-13")
  void malformedOnesAreRefusedAndTheAppIsNotLeftWaiting(String section) {
    assertThat(post("", "X-Sum: 1\r\n").status()).isEqualTo(200);

    try (Wire wire = door.wire()) {
      wire.send(
          POST + CHUNKED + section + "\r\nGET /smuggled HTTP/1.1\r\nHost: app.example\r\n\r\n");
      assertThat(wire.read("POST").map(Reply::status)).hasValue(400);
      assertThat(wire.read("GET")).isEmpty();
    }

    assertThat(whole).containsExactly("abc|X-Sum: 1\n");
    assertThat(post("", "X-Sum: 2\r\n").status()).isEqualTo(200);
    assertThat(whole.get(1)).isEqualTo("abc|X-Sum: 2\n");
    assertThat(app.calls()).noneMatch(call -> call.target().equals("/smuggled"));
  }

  @ParameterizedTest
  @CsvSource({
    ":path, /admin",
    "connection, close",
    "transfer-encoding, chunked",
    "X-Upper, 1",
    "x-padded, ' 1'",
    "'x y', 1",
    "'x:y', 1",
    "'', 1"
  })
  @Rule("TH-HTTP-5")
  void malformedOnesOfHttp2BreakTheStream(String name, String value) {
    assertThat(postHttp2(null, "x-sum", "1").status()).isEqualTo(200);

    RawHttp2.Stream refused = postHttp2(null, name, value);

    assertThat(refused.status()).as("%s", refused).isNotEqualTo(200);
    assertThat(whole).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1\r\nX-Gatehouse-User: mallory", "1\n2", "1\r2", "1\u00002", "\u0001"})
  @Rule("TH-HTTP-5")
  void valuesThatWouldBeLinesOfHttp11BreakTheStream(String value) {
    RawHttp2.Stream refused = postHttp2(null, "x-sum", value);

    assertThat(refused.status()).as("%s", refused).isNotEqualTo(200);
    assertThat(whole).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"10, 10, true", "11, 10, false", "1, 3900, true", "1, 5000, false"})
  void theyAreHeldToALimit(int fields, int length, boolean pass) {
    String value = "x".repeat(length);
    assertThat(post("", ("X-Sum: " + value + "\r\n").repeat(fields)).status() == 200)
        .isEqualTo(pass);
    assertThat(whole).hasSize(pass ? 1 : 0);

    String[] section = new String[2 * fields];
    for (int i = 0; i < section.length; i += 2) {
      section[i] = "x-sum";
      section[i + 1] = value;
    }
    assertThat(postHttp2(null, section).status() == 200).isEqualTo(pass);
    assertThat(whole).hasSize(pass ? 2 : 0);
  }

  @Test
  @Rule("TH-HTTP-13")
  void thoseBehindAnEarlyAnswerGoNowhere() throws Exception {
    try (Wire wire = door.wire()) {
      wire.send(POST.replace(" / ", " /early ") + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
      wire.send("0\r\nX-Sum: 1\r\n\r\n");
      assertThat(wire.read("POST").orElseThrow().text()).isEqualTo("ok");
    }

    assertThat(post("", "X-Sum: 2\r\n").status()).isEqualTo(200);
    assertThat(whole).containsExactly("abc|X-Sum: 2\n");
  }

  @Test
  void anotherTargetGetsThemWhereTheFirstIsDown() {
    try (HeldPort down = HeldPort.take();
        Door two =
            Door.reading(
                "upstreams:\n  - {path: /**, targets: ['http://127.0.0.1:%d', '%s']}\n"
                    .formatted(down.number(), app.uri()))) {
      for (int i = 0; i < 2; i++) {
        try (Wire wire = two.wire()) {
          wire.send(POST + CHUNKED + "X-Sum: 1\r\n\r\n");
          assertThat(wire.read("POST").orElseThrow().status()).isEqualTo(200);
        }
      }
    }
    assertThat(whole).containsExactly("abc|X-Sum: 1\n", "abc|X-Sum: 1\n");
  }
}
