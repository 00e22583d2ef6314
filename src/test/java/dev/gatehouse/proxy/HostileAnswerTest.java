package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers of an app, or of somebody who speaks through it, whose end two recipients could see at
 * different places. None passes, and its connection is never used again.
 */
@Timeout(60)
class HostileAnswerTest {
  private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
  private static final String ASK =
      "GET /bad HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n";

  private static volatile String answer;
  private static RawUpstream app;
  private static Door door;

  @BeforeAll
  static void open() {
    app = new RawUpstream(HostileAnswerTest::answer);
    door = Door.before(app);
  }

  @AfterAll
  static void close() {
    door.close();
    app.close();
  }

  private static boolean answer(RawUpstream.Call call) throws IOException {
    call.body();
    call.send(call.target().equals("/bad") ? answer : RawUpstream.OK);
    return !answer.contains("until the end") || !call.target().equals("/bad");
  }

  static Stream<AttackList.Attack> answers() {
    return AttackList.read("answers.txt");
  }

  static Stream<AttackList.Attack> excess() {
    return AttackList.read("excess-answers.txt");
  }

  @ParameterizedTest
  @MethodSource("answers")
  @Rule("TH-HTTP-3")
  @Rule("TH-HTTP-4")
  @Rule("TH-HTTP-13")
  void anAnswerInDoubtIsNoAnswer(AttackList.Attack attack) {
    answer = attack.good();
    RawClient.Outcome mended = RawClient.untilClosed(door.port(), ASK);
    assertThat(mended.statuses()).as(mended.text()).containsExactly(200);

    answer = attack.bad() + POISON;
    RawClient.Outcome refused = RawClient.untilClosed(door.port(), ASK);

    assertThat(refused.text()).doesNotContain("poison");
    if (refused.text().startsWith("HTTP/1.1 200 ")) {
      // The head has gone, so only the broken connection can tell.
      assertThat(refused.text()).doesNotContain("\r\n0\r\n\r\n");
      assertThat(refused.reset()).as("orderly end: %s", refused.text()).isTrue();
    } else {
      assertThat(refused.statuses()).as(refused.text()).containsExactly(502);
    }
    usedNoMore();
  }

  /** The answer itself is sound; what comes behind it is nobody's. */
  @ParameterizedTest
  @MethodSource("excess")
  @Rule("TH-HTTP-13")
  void whatComesBehindAnAnswerIsNobodys(AttackList.Attack attack) {
    answer = attack.good();
    RawClient.Outcome alone = RawClient.untilClosed(door.port(), ASK);

    answer = attack.bad() + POISON;
    RawClient.Outcome more = RawClient.untilClosed(door.port(), ASK);

    assertThat(more.statuses()).isEqualTo(alone.statuses());
    assertThat(more.text()).doesNotContain("poison");
    usedNoMore();
  }

  private static void usedNoMore() {
    RawUpstream.Call bad = app.calls().get(app.calls().size() - 1);
    assertThat(bad.target()).isEqualTo("/bad");
    Leftovers.none(door);
    RawUpstream.Call next = app.calls().get(app.calls().size() - 1);
    assertThat(next.target()).isEqualTo("/fine");
    assertThat(next.socket()).isNotSameAs(bad.socket());
    app.calls().clear();
  }
}
