package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.gatehouse.Rule;
import dev.gatehouse.browser.Chromium;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.testkit.AttackList;
import java.net.URI;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Where Chromium's own URL parser (WHATWG URL §4.4) goes with what we send it to. */
@Tag("browser")
class ReturnTargetBrowserIT {
  private static final PublicUrl APP = PublicUrl.of(URI.create("https://app.example"));
  private static final String OTHER = "https://other.example:8443";
  private static final String ORIGIN = "([target, base]) => new URL(target, base).origin";

  private static Chromium chromium;
  private static Page page;

  @BeforeContainer
  static void start() {
    chromium = new Chromium();
    page = chromium.profile().newPage();
  }

  @AfterContainer
  static void stop() {
    chromium.close();
  }

  private static String origin(String target) {
    return (String) page.evaluate(ORIGIN, List.of(target, APP.origin() + "/gatehouse/callback"));
  }

  @Provide
  Arbitrary<String> hostileTargets() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "/",
            "/",
            "//",
            "x",
            "e.test",
            "app.example",
            "https:",
            "https://",
            OTHER,
            "@",
            ":",
            "?",
            "#",
            ".",
            "..",
            "\\",
            ";",
            "%2f",
            "%5c",
            "%2e",
            "\t",
            "\n",
            "\r",
            " ",
            "\u0000",
            "\u3002",
            "\uff0f",
            "javascript:",
            "%09",
            "%0a",
            "%25",
            "&",
            "=",
            "[",
            "gatehouse");
    Arbitrary<String> madeUp = piece.list().ofMaxSize(8).map(pieces -> String.join("", pieces));
    Arbitrary<String> mutated =
        Combinators.combine(
                Arbitraries.of(AttackList.of("open-redirects.txt")),
                piece,
                Arbitraries.integers().between(0, 12))
            .as(
                (attack, extra, at) -> {
                  int index = Math.min(at, attack.length());
                  return attack.substring(0, index) + extra + attack.substring(index);
                });
    return Arbitraries.oneOf(madeUp, madeUp.map(text -> "/" + text), mutated);
  }

  @Rule("TH-REDIR-2")
  @Property(tries = 1000)
  void browserStaysOnTheApp(@ForAll("hostileTargets") String candidate) {
    assertThat(origin(ReturnTarget.safe(candidate, APP, List.of()))).isEqualTo(APP.origin());
  }

  @Rule("TH-REDIR-3")
  @Property(tries = 500)
  void browserGoesToTheAppOrAnAllowedOrigin(@ForAll("hostileTargets") String candidate) {
    assertThat(origin(ReturnTarget.safe(candidate, APP, List.of(OTHER)))).isIn(APP.origin(), OTHER);
  }

  /** The oracle of the properties that need no browser leaves the app wherever the browser does. */
  @Property(tries = 300)
  void ownReadingMissesNothing(@ForAll("absolute") String location) {
    String gone = origin(location);
    if (!gone.equals(APP.origin())) {
      assertThat(BrowserReading.origin(location, APP.origin())).isEqualTo(gone);
    }
  }

  @Provide
  Arbitrary<String> absolute() {
    return Arbitraries.of(
            "//e.test", "/\\e.test", "\\\\e.test/x", "https:/e.test", "/x", "https://u@e.test")
        .flatMap(
            text -> Arbitraries.of("", " ", "\t", "\n", "\u0001").map(before -> before + text));
  }
}
