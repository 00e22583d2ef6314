package dev.gatehouse.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.gate.RequestPath;
import dev.gatehouse.gate.RequestPath.Parsed;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.SeenRequest;
import java.net.URLDecoder;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Through each door: the path that is judged is the path that the app receives (TH-PATH-1). */
class ReceivedPathProperties {
  private static final Map<DoorKind, Scene> SCENES = new EnumMap<>(DoorKind.class);

  @BeforeContainer
  static void open() {
    for (DoorKind door : DoorKind.values()) {
      SCENES.put(
          door,
          Scene.open(
              door,
              """
              rules:
                - {path: /open/**, access: anonymous}
                - {path: /open/shut/**, access: deny}
              """));
    }
  }

  @AfterContainer
  static void close() {
    SCENES.values().forEach(Scene::close);
  }

  /** Below the open path and beside it, with all that could lead from one to the other. */
  @Provide
  Arbitrary<String> rawPaths() {
    Arbitrary<String> piece =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.of("/", "/", "a", "shut", "open", "x.y", "-", "~", "%61")),
            Tuple.of(3, Arbitraries.of(".", "..", "%2e", "%20", "%c3%a9", "+", ":", "@", ",")),
            Tuple.of(2, Arbitraries.of("|", "[", "%5B", "%3F", "%23", "%25", "2e", "*", "SHUT")),
            Tuple.of(1, Arbitraries.of(";jsessionid=1", ";", ";x=1", "%2f", "%5c", "\\", "%3b")),
            Tuple.of(1, Arbitraries.of("%00", "%c0%ae", "%", "%252f", "..;", "%7f", "%u002e")));
    return piece
        .list()
        .ofMaxSize(6)
        .map(pieces -> String.join("", pieces))
        .flatMap(rest -> Arbitraries.of("/open/" + rest, "/open" + rest, "/" + rest));
  }

  @Rule("TH-PATH-1")
  @Rule("TH-PATH-4")
  @Rule("TH-PATH-9")
  @Property(tries = 400)
  void judgedPathIsTheReceivedOne(@ForAll("rawPaths") String raw, @ForAll DoorKind door) {
    Scene scene = SCENES.get(door);
    scene.app().forget();

    Optional<Reply> reply =
        scene
            .browser()
            .raw("GET " + raw + " HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n");

    Parsed parsed = RequestPath.parse(raw, "", Optional.empty());
    boolean open = parsed instanceof Parsed.Ok ok && isOpen(ok.path().canonical());
    if (scene.app().seen().isEmpty()) {
      // A container may refuse more than the gate does, and Jetty what RFC 3986 §3.3 knows not.
      boolean uri = raw.indexOf('|') < 0 && raw.indexOf('[') < 0;
      assertThat(open && uri && door.proxy()).as("%s got %s", raw, reply).isFalse();
      assertThat(reply.filter(App::made)).isEmpty();
      return;
    }
    assertThat(open).as("%s reached the app", raw).isTrue();
    RequestPath path = ((Parsed.Ok) parsed).path();
    SeenRequest seen = scene.app().only();
    assertThat(seen.mappedPath().orElseGet(() -> decoded(seen.path()))).isEqualTo(path.canonical());
    assertThat(decoded(seen.path().replaceFirst(";jsessionid=[^;/]*$", "")))
        .isEqualTo(path.canonical());
  }

  /** Windows drops dots and spaces at the end of a name; a suffix may choose a format. */
  private static boolean isOpen(String canonical) {
    String folded = canonical.toLowerCase(Locale.ROOT);
    return canonical.startsWith("/open/")
        && !folded.matches("/open/shut[. ]*(/.*)?")
        && !folded.matches("/open/shut *\\.[^/]*/?");
  }

  private static String decoded(String path) {
    return URLDecoder.decode(path.replace("+", "%2B"), UTF_8);
  }
}
