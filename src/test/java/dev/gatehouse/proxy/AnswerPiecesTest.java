package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers in two pieces, cut at each byte, with and without interim ones (RFC 9110 §15.2), one
 * after the other on kept connections: each has the fields of its own head and no others.
 */
@Timeout(60)
class AnswerPiecesTest {
  private static final String HINT =
      "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nX-Own: hint\r\n\r\n";
  private static final String GO = "HTTP/1.1 100 Continue\r\nX-Own: go\r\n\r\n";
  private static final String FIELDS = "X-Own: 1\r\nETag: \"e\"\r\nX-Own: 2\r\n";
  private static final List<String> ANSWERS =
      List.of(
          "HTTP/1.1 200 OK\r\n" + FIELDS + "Content-Length: 2\r\n\r\nok",
          "HTTP/1.1 200 OK\r\n"
              + FIELDS
              + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Own: end\r\n\r\n",
          "HTTP/1.1 304 Not Modified\r\n" + FIELDS + "Content-Length: 2\r\n\r\n");

  private static final CountDownLatch NEVER = new CountDownLatch(1);
  private static volatile String answer;
  private static volatile int cut;
  private static RawUpstream app;
  private static Door door;

  @BeforeAll
  static void open() {
    app = new RawUpstream(AnswerPiecesTest::answer);
    door = Door.before(app);
  }

  @AfterAll
  static void close() {
    Leftovers.none(door);
    door.close();
    app.close();
  }

  private static boolean answer(RawUpstream.Call call) throws IOException {
    if (call.target().equals("/fine")) {
      call.send(RawUpstream.OK);
      return true;
    }
    String whole = answer;
    int first = cut;
    call.send(whole.substring(0, first));
    try {
      NEVER.await(1, TimeUnit.MILLISECONDS); // so that it is read alone
    } catch (InterruptedException e) {
      return false; // the test is over
    }
    call.send(whole.substring(first));
    return true;
  }

  static Stream<List<String>> interim() {
    return Stream.of(List.of(), List.of(HINT), List.of(GO, HINT, HINT, GO));
  }

  @ParameterizedTest
  @MethodSource("interim")
  @Rule("TH-HTTP-13")
  void fieldsAreThoseOfTheirOwnHead(List<String> before) {
    String interim = String.join("", before);
    try (Wire wire = door.wire()) {
      for (int i = 0; i < interim.length() + ANSWERS.get(0).length(); i++) {
        answer = interim + ANSWERS.get(i % ANSWERS.size());
        cut = i;
        wire.send("GET /x HTTP/1.1\r\nHost: app.example\r\n\r\n");
        before.stream().filter(HINT::equals).forEach(hint -> assertHint(wire.readHead()));
        assertFinal(wire.read("GET").orElseThrow());
      }
    }
    assertThat(app.connections()).as("kept connections").isLessThan(20);
  }

  private static void assertHint(String head) {
    assertThat(head)
        .startsWith("HTTP/1.1 103 ")
        .contains("X-Own: hint")
        .doesNotContain("X-Own: go", "ETag");
  }

  private static void assertFinal(Reply reply) {
    assertThat(reply.status()).as("cut at %d", cut).isIn(200, 304);
    assertThat(reply.headers("X-Own")).as("cut at %d", cut).containsExactly("1", "2");
    assertThat(reply.headers("ETag")).containsExactly("\"e\"");
    assertThat(reply.headers("Link")).isEmpty();
    assertThat(reply.text()).isEqualTo(reply.status() == 200 ? "ok" : "");
  }
}
