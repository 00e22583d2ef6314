package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.RawHttp2;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are no HTTP/2, frame by frame; each passes when its one fault is mended. */
class Http2AttackTest extends H2cContract {
  static Stream<AttackList.Attack> heads() {
    return AttackList.read("http2-heads.txt");
  }

  @Rule("TH-HTTP-5")
  @ParameterizedTest
  @MethodSource("heads")
  void aMalformedHeadReachesNobody(AttackList.Attack attack) {
    try (RawHttp2 client = RawHttp2.open(door.port())) {
      client.headers(1, true, changed(attack.good()));
      assertThat(client.await(1).status()).as("mended").isEqualTo(200);
      assertThat(app.calls()).hasSize(1);
      app.calls().clear();

      client.headers(3, true, changed(attack.bad()));
      RawHttp2.Stream refused = client.await(3);

      assertThat(app.calls()).as("requests at the app").isEmpty();
      assertThat(refused.status()).as(refused.toString()).isIn(0, 400, 405);
      assertThat(refused.reset != null || client.goAway() != null || refused.status() >= 400)
          .as("refusal: %s", refused)
          .isTrue();
      if (client.goAway() == null) {
        client.get(5, "/");
        assertThat(client.await(5).status()).as("the next one").isEqualTo(200);
      }
    }
  }

  static String[] changed(String changes) {
    List<String[]> head = new ArrayList<>();
    String[] usual = RawHttp2.head("GET", "/");
    for (int i = 0; i < usual.length; i += 2) {
      head.add(new String[] {usual[i], usual[i + 1]});
    }
    for (String change : changes.split("\\|")) {
      apply(change, head);
    }
    return head.stream().flatMap(Stream::of).toArray(String[]::new);
  }

  private static void apply(String change, List<String[]> head) {
    boolean added = change.startsWith("+") || change.startsWith("^");
    int equals = change.indexOf('=', 1);
    String name = equals < 0 ? change.substring(1) : change.substring(added ? 1 : 0, equals);
    String[] field = {name, equals < 0 ? "" : change.substring(equals + 1)};
    if (change.startsWith("+")) {
      head.add(field);
    } else if (change.startsWith("^")) {
      head.add(0, field);
    } else if (change.startsWith("-")) {
      head.removeIf(other -> other[0].equals(name));
    } else {
      head.replaceAll(other -> other[0].equals(name) ? field : other);
    }
  }
}
