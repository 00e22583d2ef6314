package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that are no HTTP/1.1, over a bare socket; each passes when its one fault is mended. */
class HttpAttackTest {
  private static final List<String> whole = new CopyOnWriteArrayList<>();
  private static RawUpstream app;
  private static Door door;

  @BeforeAll
  static void open() {
    app =
        new RawUpstream(
            call -> {
              call.body();
              whole.add(call.target());
              call.send(RawUpstream.OK);
              return true;
            });
    door = Door.before(app);
  }

  @AfterAll
  static void close() {
    door.close();
    app.close();
  }

  @BeforeEach
  void forget() {
    whole.clear();
    app.calls().clear();
  }

  static Stream<AttackList.Attack> syntax() {
    return AttackList.read("http-syntax.txt");
  }

  static Stream<AttackList.Attack> smuggling() {
    return AttackList.read("smuggling.txt");
  }

  @Rule("TH-HTTP-4")
  @Rule("TH-HTTP-6")
  @ParameterizedTest
  @MethodSource("syntax")
  void whatIsNoHttpIsRefused(AttackList.Attack attack) {
    assertRefused(attack);
    assertThat(app.calls()).as("requests at the app").isEmpty();
  }

  @Rule("TH-HTTP-3")
  @Rule("TH-HTTP-4")
  @ParameterizedTest
  @MethodSource("smuggling")
  void noSecondRequestIsSmuggled(AttackList.Attack attack) {
    assertRefused(attack);
    assertThat(whole).as("requests that the app had to the end").isEmpty();
    assertThat(app.calls()).noneMatch(call -> call.head().contains("smuggled"));
  }

  private static void assertRefused(AttackList.Attack attack) {
    RawClient.Outcome mended = RawClient.untilClosed(door.port(), attack.good());
    assertThat(mended.statuses()).as("mended: %s", mended.text()).containsOnly(200);
    assertThat(whole).isNotEmpty();
    whole.clear();
    app.calls().clear();

    RawClient.Outcome refused = RawClient.untilClosed(door.port(), attack.bad());

    assertThat(refused.statuses())
        .as(refused.text())
        .hasSize(1)
        .allMatch(status -> status >= 400 && status < 500 || status == 501 || status == 505);
    assertThat(refused.text())
        .containsIgnoringCase("Connection: close")
        .doesNotContainIgnoringCase("jetty")
        .doesNotContain("Exception", "\tat ", "Server:");
  }
}
