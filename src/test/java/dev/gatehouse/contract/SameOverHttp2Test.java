package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.SeenRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One request, written in HTTP/1.1 and in HTTP/2: what the app gets of it is the same, and what is
 * refused in the one is refused in the other.
 */
class SameOverHttp2Test {
  private static final String CONFIGURATION =
      """
      rules:
        - {path: /public/**, access: anonymous}
        - {path: /strip/**, access: anonymous, token-hygiene: strip, reason: old links}
        - {path: /denied/**, access: deny}
      """;

  /** Of the connection, of the browser, or in another order there. */
  private static final Set<String> OWN = Set.of("x-forwarded-for", "connection");

  private static Scene older;
  private static Scene newer;
  private static Browser inOlder;
  private static Browser inNewer;

  @BeforeAll
  static void open() {
    older = Scene.open(DoorKind.PROXY, CONFIGURATION);
    newer = Scene.open(DoorKind.PROXY_OVER_HTTP_2, CONFIGURATION);
    inOlder = older.signedIn();
    inNewer = newer.signedIn();
  }

  @AfterAll
  static void close() {
    newer.close();
    older.close();
  }

  /** Target and field lines; {@code MINE} stands for the session cookie. */
  record Case(String method, String target, String host, List<String> lines) {
    static Case get(String target, String... lines) {
      return new Case("GET", target, "app.example", List.of(lines));
    }

    String text(Browser browser) {
      return method
          + " "
          + target
          + " HTTP/1.1\r\n"
          + "Host: "
          + host
          + "\r\nAccept: */*\r\n"
          + String.join("", lines.stream().map(line -> line + "\r\n").toList())
              .replace("MINE", browser.cookieField())
          + "Connection: close\r\n\r\n";
    }
  }

  static Stream<Case> targets() {
    Stream<String> paths =
        AttackList.columnsOf("path-tricks.txt").stream()
            .flatMap(columns -> columns.subList(1, columns.size()).stream());
    Stream<String> carriers =
        AttackList.columnsOf("token-carriers.txt").stream()
            .filter(columns -> !columns.get(0).equals("referer"))
            .flatMap(columns -> columns.subList(1, 3).stream().map(text -> carrier(columns, text)));
    Stream<String> redirects =
        AttackList.of("open-redirects.txt").stream().map(target -> "/gatehouse/login?rd=" + target);
    return Stream.of(paths, carriers, redirects)
        .flatMap(all -> all)
        .filter(target -> !target.startsWith("http://")) // no :path (RFC 9113 §8.3.1)
        .map(target -> Case.get(target, "Cookie: MINE"));
  }

  private static String carrier(List<String> columns, String text) {
    return columns.get(0).equals("query") ? "/strip/x?" + text : "/strip" + text;
  }

  static Stream<Case> fields() {
    Stream<String> spellings =
        AttackList.of("header-spellings.txt").stream().map(name -> name + ": evil");
    Stream<String> referers =
        AttackList.columnsOf("token-carriers.txt").stream()
            .filter(columns -> columns.get(0).equals("referer"))
            .flatMap(columns -> columns.subList(1, 3).stream())
            .map(referer -> "Referer: " + referer);
    return Stream.concat(
            Stream.concat(spellings, referers), AttackList.of("http2-alike.txt").stream())
        .map(line -> Case.get("/x", line));
  }

  static Stream<Case> hosts() {
    return AttackList.of("hosts.txt").stream()
        .map(host -> new Case("GET", "/public/x", host, List.of()));
  }

  static Stream<Case> methods() {
    return Stream.of("get", "Get", "JEFF", "M-SEARCH", "POST", "DELETE", "TRACE", "PRI", "G'T")
        .flatMap(
            method ->
                Stream.of("/public/x", "/x", "*", "/gatehouse/logout")
                    .map(
                        target ->
                            new Case(method, target, "app.example", List.of("Cookie: MINE"))));
  }

  @ParameterizedTest
  @MethodSource({"targets", "fields", "hosts", "methods"})
  @Rule("TH-HTTP-5")
  @Rule("TH-PATH-1")
  void theAppGetsTheSameOrNothing(Case request) {
    older.app().forget();
    newer.app().forget();

    Optional<Reply> one = inOlder.raw(request.text(inOlder));
    Optional<Reply> other = inNewer.raw(request.text(inNewer));

    String both = "%s: %s | %s".formatted(request, one, other);
    if (hasOctetsOfNoUri(request.target())) {
      assertThat(status(other)).as(both).isEqualTo(400);
      assertThat(newer.app().seen()).as(both).isEmpty();
      return;
    }
    assertThat(seen(newer)).as(both).isEqualTo(seen(older));
    assertThat(status(other)).as(both).isEqualTo(status(one));
    if (status(one) != 400) {
      assertThat(names(other.orElseThrow())).as(both).isEqualTo(names(one.orElseThrow()));
    }
  }

  /** Old browsers send them in queries; in HTTP/2, which those do not speak, it is malformed. */
  private static boolean hasOctetsOfNoUri(String target) {
    return target.chars().anyMatch(c -> c > 0x7e);
  }

  /** To end the connection, or the stream, is to refuse. */
  private static int status(Optional<Reply> reply) {
    return reply.map(Reply::status).orElse(400);
  }

  private static Set<String> names(Reply reply) {
    return reply.headers().stream()
        .map(field -> field.name().toLowerCase(Locale.ROOT))
        .filter(name -> !OWN.contains(name))
        .collect(Collectors.toSet());
  }

  /** Which is read before the gateway sees it, and is a number then (RFC 3986 §3.2.3). */
  @ParameterizedTest
  @ValueSource(strings = {"app.example:0443", "app.example:00443", "app.example:+443"})
  @Rule("TH-HTTP-6")
  void aPortInDisguiseGoesOnAsTheNumberItIs(String host) {
    Case request = new Case("GET", "/public/x", host, List.of());
    newer.app().forget();

    assertThat(status(inOlder.raw(request.text(inOlder)))).isEqualTo(421);
    assertThat(status(inNewer.raw(request.text(inNewer)))).isEqualTo(200);
    assertThat(newer.app().only().header("Host")).isEqualTo("app.example:443");
  }

  private static List<String> seen(Scene scene) {
    return scene.app().seen().stream().map(SameOverHttp2Test::told).toList();
  }

  private static String told(SeenRequest seen) {
    Stream<String> fields =
        seen.headers().stream()
            .filter(field -> !OWN.contains(field.name().toLowerCase(Locale.ROOT)))
            .map(SameOverHttp2Test::line)
            .sorted();
    return seen.method() + " " + seen.target() + "\n" + String.join("\n", fields.toList());
  }

  private static String line(HeaderField field) {
    return field.name().toLowerCase(Locale.ROOT) + ": " + field.value();
  }
}
