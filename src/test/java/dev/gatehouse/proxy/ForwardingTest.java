package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the app, byte for byte, and what comes back. */
class ForwardingTest {
  private static final String HOST = "Host: app.example\r\n";

  private volatile String answer = RawUpstream.OK;
  private RawUpstream app;
  private Door door;
  private Wire wire;

  @BeforeEach
  void open() {
    app =
        new RawUpstream(
            call -> {
              call.body();
              call.send(answer.replace("PORT", String.valueOf(call.socket().getLocalPort())));
              return true;
            });
    door = Door.before(app);
    wire = door.wire();
  }

  @AfterEach
  void close() {
    wire.close();
    door.close();
    app.close();
  }

  private Reply get(String target, String... fields) {
    return send("GET", "GET " + target + " HTTP/1.1\r\n" + HOST + lines(fields) + "\r\n");
  }

  private Reply send(String method, String request) {
    return wire.send(request).read(method).orElseThrow();
  }

  private static String lines(String... fields) {
    return fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
  }

  private RawUpstream.Call only() {
    assertThat(app.calls()).hasSize(1);
    return app.calls().get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/q?a=%2F&b&&c=+&d=%C3%A9&e=a/b?c&f=(x)'!*",
        "/q?",
        "/q??",
        "/q?a|b={c}^`\"<>\\",
        "/q?http://evil.example/",
        "/a/b/c.html",
        "/a%20b/%e2%82%ac",
        "/a:b@c;d=e",
        "/?x=//evil.example/%"
      })
  void theTargetArrivesByteForByte(String target) {
    assertThat(get(target).status()).isEqualTo(200);

    assertThat(only().target()).isEqualTo(target);
  }

  @Test
  void whitespaceNeverReachesTheTarget() {
    assertThat(get("/q?a=b").status()).isEqualTo(200);
    assertThat(app.calls().get(0).head()).startsWith("GET /q?a=b HTTP/1.1\r\n");
  }

  @Test
  @Rule("TH-HTTP-1")
  void hopByHopFieldsOfTheRequestEndHere() {
    get(
        "/",
        "Connection: x-hop, X-Hop-Two, Upgrade",
        "X-Hop: 1",
        "x-hop-two: 2",
        "Keep-Alive: 5",
        "Proxy-Connection: keep-alive",
        "Proxy-Authorization: Basic eA==",
        "Proxy-Authenticate: Basic",
        "TE: gzip",
        "Trailer: X-T",
        "Upgrade: h2c",
        "X-Stay: yes");

    assertThat(only().fields("X-Stay")).containsExactly("yes");
    for (String name :
        new String[] {
          "Connection", "X-Hop", "X-Hop-Two", "Keep-Alive", "Proxy-Connection",
          "Proxy-Authorization", "Proxy-Authenticate", "TE", "Trailer", "Upgrade"
        }) {
      assertThat(only().fields(name)).as(name).isEmpty();
    }
  }

  @Test
  @Rule("TH-HTTP-1")
  void hopByHopFieldsOfTheAnswerEndHere() {
    answer =
        "HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
            + "Proxy-Authenticate: Basic\r\nUpgrade: h2c\r\nTrailer: X-T\r\nX-Stay: yes\r\n"
            + "Content-Length: 0\r\n\r\n";

    Reply reply = get("/");

    assertThat(reply.header("X-Stay")).isEqualTo("yes");
    for (String name :
        new String[] {
          "Connection", "X-Hop", "Keep-Alive", "Proxy-Authenticate", "Upgrade", "Trailer"
        }) {
      assertThat(reply.headers(name)).as(name).isEmpty();
    }
  }

  @Test
  @Rule("TH-HDR-3")
  void connectionCannotTakeAwayWhatTheGatewayAdds() {
    get("/", "Connection: X-Gatehouse-User", "X-Gatehouse-User: mallory");

    assertThat(only().fields("X-Gatehouse-User")).containsExactly(TestGate.USER);
  }

  @Test
  void fieldsAreRemovedAndAddedAsTheEngineSays() {
    get("/", "X_Gatehouse_User: mallory", "Cookie: gh_s=secret", "Cookie: a=b", "X-Own: ü");

    assertThat(only().head()).doesNotContain("mallory", "secret").contains("X-Own: ü\r\n");
    assertThat(only().fields("Cookie")).containsExactly("a=b");
    assertThat(only().fields("X-Gatehouse-User")).containsExactly(TestGate.USER);
    assertThat(only().fields("Host")).containsExactly("app.example");
  }

  @Test
  void theGatewayAddsNothingOfItsOwn() {
    get("/");

    assertThat(only().head())
        .isEqualTo("GET / HTTP/1.1\r\nHost: app.example\r\nX-Gatehouse-User: alice\r\n\r\n");
  }

  @Test
  @Rule("TH-HTTP-6")
  void absoluteFormIsForwardedAsOriginForm() {
    assertThat(get("http://app.example/a?b=c").status()).isEqualTo(200);

    assertThat(only().target()).isEqualTo("/a?b=c");
    assertThat(only().fields("Host")).containsExactly("app.example");
  }

  @Test
  void anEmptyPostHasItsLength() {
    send("POST", "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n");

    assertThat(only().fields("Content-Length")).containsExactly("0");
    assertThat(only().fields("Content-Type")).isEmpty();
  }

  @Test
  void aBodyWithoutTypeStaysWithoutType() {
    send("POST", "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc");

    assertThat(only().fields("Content-Length")).containsExactly("3");
    assertThat(only().fields("Content-Type")).isEmpty();
    assertThat(only().fields("Transfer-Encoding")).isEmpty();
  }

  @Test
  void expectContinueIsAnsweredWhenTheAppTakesTheBody() {
    wire.send("POST / HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    String interim = wire.readHead();
    wire.send("abc");

    assertThat(interim).startsWith("HTTP/1.1 100 ");
    assertThat(wire.read("POST").orElseThrow().status()).isEqualTo(200);
    assertThat(only().fields("Expect")).isEmpty();
  }

  @Test
  void aRefusedBodyIsNeverAskedFor() {
    wire.send(
        "POST /refused HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");

    assertThat(wire.readHead()).startsWith("HTTP/1.1 401 ");
    assertThat(app.calls()).isEmpty();
  }

  @Test
  void answersToHeadHaveALengthAndNoBody() {
    answer = "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n";

    Reply head = send("HEAD", "HEAD / HTTP/1.1\r\n" + HOST + "\r\n");
    answer = RawUpstream.OK;

    assertThat(head.header("Content-Length")).isEqualTo("1234");
    assertThat(get("/next").text()).isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void answersWithoutBodyLeaveTheConnectionInOrder(int status) {
    answer = "HTTP/1.1 " + status + " X\r\nETag: \"e\"\r\n\r\n";
    Reply none = get("/");
    answer = RawUpstream.OK;

    assertThat(none.status()).isEqualTo(status);
    assertThat(none.header("ETag")).isEqualTo("\"e\"");
    assertThat(get("/next").text()).isEqualTo("ok");
  }

  @Test
  void earlyHintsGoOnAndOtherInterimAnswersEndHere() {
    answer =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
            + "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nX-Drop: x\r\n\r\n"
            + "HTTP/1.1 104 Odd\r\n\r\n"
            + RawUpstream.OK;

    wire.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");

    assertThat(wire.readHead())
        .startsWith("HTTP/1.1 103 ")
        .contains("Link: </a.css>")
        .doesNotContain("X-Drop");
    assertThat(wire.read("GET").orElseThrow().text()).isEqualTo("ok");
  }

  @Test
  void theAnswerIsChangedAsTheEngineSays() {
    answer =
        "HTTP/1.1 201 Made\r\nX-Drop: a\r\nX-Change: b\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
            + "X-Own: \u00fc\r\nServer: Old/1.0\r\nDate: Sat, 01 Jan 2000 00:00:00 GMT\r\n"
            + "Content-Length: 2\r\n\r\nok";

    Reply reply = get("/");

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.headers("X-Drop")).isEmpty();
    assertThat(reply.header("X-Change")).isEqualTo("changed");
    assertThat(reply.headers("Set-Cookie")).containsExactly("a=1", "b=2");
    assertThat(reply.header("X-Own")).isEqualTo("\u00fc");
    assertThat(reply.headers("Cache-Control")).containsExactly("private, no-store");
    assertThat(reply.headers("Vary")).containsExactly("Cookie");
    assertThat(reply.headers("Server")).containsExactly("Old/1.0");
    assertThat(reply.headers("Date")).containsExactly("Sat, 01 Jan 2000 00:00:00 GMT");
  }

  @Test
  void largeHeadsPassBothWays() {
    answer = "HTTP/1.1 200 OK\r\nX-Long: " + "y".repeat(40_000) + "\r\nContent-Length: 0\r\n\r\n";

    Reply reply = get("/", "X-Long: " + "x".repeat(31_000));

    assertThat(reply.header("X-Long")).hasSize(40_000);
    assertThat(only().fields("X-Long").get(0)).hasSize(31_000);
  }

  @Test
  void aDefaultGivesWayToTheApps() {
    answer = "HTTP/1.1 200 OK\r\ncache-control: max-age=5\r\nContent-Length: 0\r\n\r\n";

    assertThat(get("/").headers("Cache-Control")).containsExactly("max-age=5");
  }

  @ParameterizedTest
  @Rule("TH-HTTP-12")
  @CsvSource({
    "Location, http://127.0.0.1:PORT/y?z#f, https://app.example/y?z#f",
    "Location, HTTP://127.0.0.1:PORT, https://app.example",
    "Location, //127.0.0.1:PORT/y, https://app.example/y",
    "Location, http://app.example/y, https://app.example/y",
    "Location, http://app.example:80/y, https://app.example/y",
    "Location, https://app.example/y, https://app.example/y",
    "Location, http://127.0.0.1/y, http://127.0.0.1/y",
    "Location, http://127.0.0.1:PORT@evil.example/y, http://127.0.0.1:PORT@evil.example/y",
    "Location, http://127.0.0.1:PORT.evil.example/, http://127.0.0.1:PORT.evil.example/",
    "Location, https://127.0.0.1:PORT/y, https://127.0.0.1:PORT/y",
    "Location, https://other.example/z?a=http://127.0.0.1:PORT/,"
        + " https://other.example/z?a=http://127.0.0.1:PORT/",
    "Location, /y, /y",
    "Location, rel/ative?x, rel/ative?x",
    "Location, /y?u=http://127.0.0.1:PORT/, /y?u=http://127.0.0.1:PORT/",
    "Content-Location, http://127.0.0.1:PORT/y, https://app.example/y",
    "Refresh, 5; url=http://127.0.0.1:PORT/y, 5; url=https://app.example/y",
    "Refresh, 5; URL=/y, 5; URL=/y",
    "Refresh, 5, 5",
    "X-Other, http://127.0.0.1:PORT/y, http://127.0.0.1:PORT/y"
  })
  void theAppsOwnOriginBecomesThePublicOne(String name, String value, String expected) {
    answer = "HTTP/1.1 302 Found\r\n" + name + ": " + value + "\r\nContent-Length: 0\r\n\r\n";

    Reply reply = get("/");

    assertThat(reply.header(name)).isEqualTo(expected.replace("PORT", "" + app.port()));
  }

  @Test
  void theOtherDecisionsAreCarriedOut() {
    assertThat(get("/refused").header("X-Gate")).isEqualTo("no");
    assertThat(get("/bug").text()).isEqualTo("INTERNAL_ERROR internal-error");
    wire.send("GET /pending HTTP/1.1\r\n" + HOST + "\r\n");
    door.gate().decidePending();
    assertThat(wire.read("GET").orElseThrow().text()).isEqualTo("at last");
    assertThat(form(3, "abc").text()).isEqualTo("abc");
    assertThat(app.calls()).isEmpty();
  }

  @Test
  @Rule("TH-SES-14")
  void aStageThatDecidesNothingEndsTheRequestAndOpensNothing() {
    assertThat(get("/undecided").status()).isEqualTo(500);
    assertThat(app.calls()).isEmpty();
  }

  @Test
  void aHeadRequestGetsNoBodyOfAnAnswer() {
    Reply head = send("HEAD", "HEAD /refused HTTP/1.1\r\n" + HOST + "\r\n");

    assertThat(head.status()).isEqualTo(401);
    assertThat(get("/refused").text()).isEqualTo("refused");
  }

  @Test
  void aFormOfTheGatewayHasItsLimit() {
    assertThat(form(16, "a".repeat(16)).status()).isEqualTo(200);

    assertThat(form(17, "").status()).isEqualTo(413);
  }

  @Test
  void aFormWithoutLengthHasTheSameLimit() {
    String chunked = "POST /form HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
    assertThat(send("POST", chunked + "10\r\n" + "a".repeat(16) + "\r\n0\r\n\r\n").status())
        .isEqualTo(200);

    assertThat(send("POST", chunked + "11\r\n" + "a".repeat(17) + "\r\n0\r\n\r\n").status())
        .isEqualTo(413);
  }

  private Reply form(int length, String body) {
    return send(
        "POST", "POST /form HTTP/1.1\r\n" + HOST + "Content-Length: " + length + "\r\n\r\n" + body);
  }

  @Test
  @Rule("TH-SEC-10")
  void nothingTellsWhatTheGatewayIsMadeOf() {
    for (String target : new String[] {"/", "/refused", "/bug", "/a#b"}) {
      try (Wire fresh = door.wire()) {
        Reply reply =
            fresh.send("GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n").read("GET").orElseThrow();
        assertThat(reply.whole().getBytes(UTF_8)).isNotEmpty();
        assertThat(reply.whole()).doesNotContainIgnoringCase("jetty").doesNotContain("Exception");
        assertThat(reply.headers("Server")).isEmpty();
        assertThat(reply.headers("X-Powered-By")).isEmpty();
      }
    }
  }
}
