package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.testkit.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token that was taken out of the query is gone wherever an app can look for it. */
class FilterQueryTest extends FilterInContainers {
  private static final String TOKEN = "T0K3N";

  FilterQueryTest(ContainerKind kind) {
    super(kind);
  }

  private void show(String query) {
    gate.decideAlways(request -> new Decision.ToApp(FakeForward.as("alice").showing(query)));
  }

  @ParameterizedTest
  @Rule("TH-LEAK-5")
  @Rule("TH-HDR-5")
  @Rule("TH-HDR-6")
  @ValueSource(
      strings = {"/spy", "/forward", "/include", "/async", "/async-pair", "/error", "/throw"})
  void noDispatchShowsTheToken(String path) {
    String query = "?p=1&access_token=" + TOKEN + "&p=2&b=%2F;id_token=" + TOKEN + "&c";
    show("p=1&p=2&b=%2F&c");

    Reply reply = container.get(APP + path + query);

    assertThat(reply.text()).doesNotContain(TOKEN).doesNotContain("_token");
    assertThat(lines(reply))
        .contains("user=alice", "query=p=1&p=2&b=%2F&c", "parameter=1", "first.b=/")
        .contains("parameters.p=[1, 2]", "mapped.p=[1, 2]", "parameters.b=[/]", "mapped.c=[]");
  }

  @Test
  @Rule("TH-LEAK-5")
  void aForwardsOwnQueryStands() {
    show("p=1");

    Reply reply = container.get(APP + "/forward-query?p=1&access_token=" + TOKEN);

    assertThat(reply.text()).doesNotContain(TOKEN).doesNotContain("_token");
    assertThat(lines(reply))
        .contains("parameters.p=[dispatched, 1]", "parameters.own=[1]", "first.p=dispatched")
        .anyMatch(line -> line.startsWith("query=p=dispatched&own=1"));
  }

  @Test
  @Rule("TH-LEAK-5")
  void aQueryThatWasATokenIsNoQuery() {
    show(null);

    Reply reply = container.get(APP + "/forward?access_token=" + TOKEN);

    assertThat(reply.text()).doesNotContain(TOKEN).doesNotContain("_token");
    assertThat(lines(reply)).contains("query=null", "parameter=null");
  }

  @Test
  @Rule("TH-LEAK-5")
  void whatWasNotChangedIsTheContainersOwn() {
    gate.decideAlways(request -> new Decision.ToApp(FakeForward.as("alice").to(request)));

    assertThat(lines(container.get(APP + "/forward?p=1&p=2&b=%2F;x=1")))
        .containsAll(List.of("query=p=1&p=2&b=%2F;x=1", "parameters.p=[1, 2]"))
        .contains("parameters.b=[/;x=1]");
  }
}
