package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Wire;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in two pieces, cut at each byte: the app is told the same as of a request in one. */
@Timeout(60)
class HeadPiecesTest {
  private static final String NEXT = "GET /next HTTP/1.1\r\nX-A: 9\r\nHost: app.example\r\n\r\n";
  private static final CountDownLatch NEVER = new CountDownLatch(1);
  private static RawUpstream app;
  private static Door door;

  @BeforeAll
  static void open() {
    app = RawUpstream.answering(RawUpstream.OK);
    door = Door.before(app);
  }

  @AfterAll
  static void close() {
    Leftovers.none(door);
    door.close();
    app.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a HTTP/1.1\r\nX-A: 1\r\nHost: app.example\r\nX-A:  2 \t\r\nAccept-Encoding: GZIP\r\n"
            + "x-a:3\r\nX-B:\r\nX-!: \u00e4\r\n\r\n",
        "POST /a HTTP/1.1\r\nX-A: 1\r\nHost: app.example\r\ntransfer-encoding: chunked\r\n"
            + "X-A: 2\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
        "POST /a HTTP/1.1\r\nX-A: 1\r\ncontent-length: 3\r\nX-A: 2\r\nHost: app.example\r\n\r\nabc",
        "GET /a HTTP/1.1\r\nX-A: 1\r\nConnection: X-B\r\nX-B: 1\r\nHost: app.example\r\n\r\n"
      })
  @Rule("TH-HTTP-3")
  void appIsToldTheSame(String request) throws InterruptedException {
    try (Wire wire = door.wire()) {
      List<String> whole = seen(wire, request + NEXT, 0);
      for (int cut = 1; cut < request.length() + NEXT.length(); cut++) {
        assertThat(seen(wire, request + NEXT, cut)).as("cut at %d", cut).isEqualTo(whole);
      }
    }
  }

  private static List<String> seen(Wire wire, String requests, int cut)
      throws InterruptedException {
    app.calls().clear();
    wire.send(requests.substring(0, cut));
    NEVER.await(1, TimeUnit.MILLISECONDS); // so that it is read alone
    wire.send(requests.substring(cut));
    for (int i = 0; i < 2; i++) {
      assertThat(wire.read("GET").orElseThrow().status()).isEqualTo(200);
    }
    List<String> lines = new ArrayList<>();
    for (RawUpstream.Call call : app.calls()) {
      lines.add(call.target());
      call.head()
          .lines()
          .skip(1)
          .map(HeadPiecesTest::named)
          .sorted(Comparator.comparing(line -> line.split(":", 2)[0]))
          .forEach(lines::add);
    }
    return lines;
  }

  /** Names may be spelled in any case (RFC 9110 §5.1). */
  private static String named(String line) {
    int colon = line.indexOf(':') + 1;
    return line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon);
  }
}
