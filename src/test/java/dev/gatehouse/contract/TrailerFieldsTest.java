package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.SeenRequest;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes behind a body is harmless, or does not pass (RFC 9110 §6.5.1). */
@OverHttp2
class TrailerFieldsTest extends ContractTest {
  private static final String EVIL = "evil-late";

  /** RFC 9113 §8.2.2; and a length that came behind what it is the length of. */
  private static final List<String> MALFORMED_IN_HTTP_2 =
      List.of(
          "transfer-encoding",
          "connection",
          "keep-alive",
          "proxy-connection",
          "upgrade",
          "http2-settings",
          "te",
          "content-length");

  private Scene at;
  private Browser user;

  static List<String> names() {
    return AttackList.of("trailers.txt");
  }

  static List<String> spellings() {
    return AttackList.of("header-spellings.txt");
  }

  /** Signed in once in each round. */
  @BeforeEach
  void signIn() {
    if (at != scene) {
      at = scene;
      user = scene.signedIn();
      scene.app().forget();
    }
  }

  private String message(String type, String section) {
    return "POST /x HTTP/1.1\r\nHost: app.example\r\nAccept: text/html\r\nCookie: "
        + user.cookieField()
        + "\r\nOrigin: https://app.example\r\nSec-Fetch-Site: same-origin\r\n"
        + "Content-Type: "
        + type
        + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        + "3\r\na=b\r\n0\r\n"
        + section
        + "\r\n";
  }

  private SeenRequest post(String type, String section) {
    scene.app().forget();
    assertThat(user.raw(message(type, section)))
        .hasValueSatisfying(reply -> assertThat(App.made(reply)).as("%s", reply).isTrue());
    return scene.app().only();
  }

  private static List<String> late(SeenRequest seen) {
    return seen.trailers().stream()
        .filter(field -> field.name().equalsIgnoreCase("X-Late"))
        .map(HeaderField::value)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  @Rule("TH-HDR-2")
  @Rule("TH-HTTP-1")
  void noneOfThemReachesTheApp(String name) {
    if (door.overHttp2() && MALFORMED_IN_HTTP_2.contains(name.toLowerCase(Locale.ROOT))) {
      scene.app().forget();
      assertThat(user.raw(message("text/plain", name + ": " + EVIL + "\r\n")))
          .satisfies(reply -> assertThat(reply.filter(App::made)).isEmpty());
      assertThat(scene.app().seen()).isEmpty();
      return;
    }
    SeenRequest seen = post("text/plain", "X-Late: here\r\n" + name + ": " + EVIL + "\r\n");

    assertThat(late(seen)).containsExactly("here");
    assertThat(seen.everything()).doesNotContain(EVIL);
    assertThat(seen.body()).isEqualTo("a=b".getBytes());
  }

  @ParameterizedTest
  @MethodSource("names")
  @Rule("TH-HTTP-1")
  @Rule("TH-SES-6")
  void noneOfThemReachesTheClient(String name) {
    scene.app().forget();
    scene
        .app()
        .tellTrailers(List.of(new HeaderField("X-Late", "here"), new HeaderField(name, EVIL)));

    Reply reply =
        user.raw(
                "GET /public/x HTTP/1.1\r\nHost: app.example\r\nAccept: text/html\r\n"
                    + (door.overHttp2()
                        ? "TE: trailers\r\n\r\n"
                        : "TE: trailers\r\nConnection: TE\r\n\r\n"))
            .orElseThrow();

    assertThat(App.made(reply)).as("%s", reply).isTrue();
    assertThat(reply.trailers("X-Late")).containsExactly("here");
    assertThat(reply.whole() + reply.trailers()).doesNotContain(EVIL);
  }

  /** A form is read ahead, for tokens in it. */
  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded"})
  void harmlessOnesReachTheApp(String type) {
    SeenRequest seen = post(type, "X-Late: here\r\n");

    assertThat(late(seen)).containsExactly("here");
    assertThat(seen.body()).isEqualTo("a=b".getBytes());
  }

  @ParameterizedTest
  @MethodSource("spellings")
  @Rule("TH-HDR-1")
  @Rule("TH-HDR-2")
  @Rule("TH-HDR-4")
  void noneTellsWhoTheUserIs(String name) {
    SeenRequest seen = post("text/plain", name + ": " + EVIL + "\r\nX-Late: here\r\n");

    assertThat(late(seen)).containsExactly("here");
    assertThat(seen.everything()).doesNotContain(EVIL);
    assertThat(seen.header("X-Gatehouse-User")).isEqualTo("alice-1");
  }
}
