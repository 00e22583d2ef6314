package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.gate.RequestPath.Parsed;
import dev.gatehouse.testkit.AttackList;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ReturnTargetProperties {
  private static final PublicUrl APP = PublicUrl.of(URI.create("https://app.example"));
  private static final String OTHER = "https://other.example:8443";

  @Provide
  Arbitrary<String> hostileTargets() {
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            Arbitraries.of("/", "/", "/", "x", "e.test", "app.example", "https:", "https://", "//"),
            Arbitraries.of(OTHER, "@", ":", "?", "#", ".", "..", "\\", ";", "%2f", "%5c", "%2e"),
            Arbitraries.of("\t", "\n", "\r", " ", "\u0000", "\u3002", "\uff0f", "javascript:"),
            Arbitraries.of("%09", "%0a", "%25", "&", "=", "|", "[", "gatehouse", "%67atehouse"));
    Arbitrary<String> madeUp = piece.list().ofMaxSize(8).map(pieces -> String.join("", pieces));
    Arbitrary<String> pages = madeUp.map(text -> "/" + text);
    Arbitrary<String> listed = Arbitraries.of(AttackList.of("open-redirects.txt"));
    Arbitrary<String> mutated =
        net.jqwik.api.Combinators.combine(listed, piece, Arbitraries.integers().between(0, 12))
            .as(
                (attack, extra, at) -> {
                  int index = Math.min(at, attack.length());
                  return attack.substring(0, index) + extra + attack.substring(index);
                });
    return Arbitraries.oneOf(madeUp, pages, mutated);
  }

  @Rule("TH-REDIR-2")
  @Property
  void browserStaysOnTheApp(@ForAll("hostileTargets") String candidate) {
    String target = ReturnTarget.safe(candidate, APP, List.of());

    assertThat(BrowserReading.origin(target, APP.origin())).isEqualTo(APP.origin());
    assertThat(APP.origin()).isEqualTo(origin(URI.create(APP.origin()).resolve(target)));
  }

  @Rule("TH-REDIR-3")
  @Property
  void browserGoesToTheAppOrAnAllowedOrigin(@ForAll("hostileTargets") String candidate) {
    String target = ReturnTarget.safe(candidate, APP, List.of(OTHER));

    assertThat(BrowserReading.origin(target, APP.origin())).isIn(APP.origin(), OTHER);
  }

  @Rule("TH-REDIR-4")
  @Rule("TH-REDIR-5")
  @Property
  void targetIsWellFormedAndNoPathOfTheGateway(@ForAll("hostileTargets") String candidate) {
    String target = ReturnTarget.safe(candidate, APP, List.of());

    assertThat(target).matches("/[!-~]*").doesNotStartWith("//").doesNotContain("#", "\\");
    Parsed parsed = RequestPath.parse(target.split("\\?", 2)[0], "", Optional.empty());
    assertThat(parsed).isInstanceOf(Parsed.Ok.class);
    assertThat(((Parsed.Ok) parsed).path().canonical()).doesNotStartWithIgnoringCase("/gatehouse/");
  }

  @Rule("TH-REDIR-2")
  @Property
  void targetIsItsOwnTarget(@ForAll("hostileTargets") String candidate) {
    String target = ReturnTarget.safe(candidate, APP, List.of(OTHER));

    assertThat(ReturnTarget.safe(target, APP, List.of(OTHER))).isEqualTo(target);
  }

  @Rule("TH-REDIR-1")
  @Property
  void interceptedRequestStaysOnTheApp(
      @ForAll("hostileTargets") String path, @ForAll("hostileTargets") String query) {
    if (RequestPath.parse(path, "", Optional.empty()) instanceof Parsed.Ok ok) {
      String target = ReturnTarget.intercepted(ok.path(), query, APP);

      assertThat(BrowserReading.origin(target, APP.origin())).isEqualTo(APP.origin());
      assertThat(target).matches("/[!-~]*").doesNotStartWith("//").doesNotContain("#");
    }
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }
}
