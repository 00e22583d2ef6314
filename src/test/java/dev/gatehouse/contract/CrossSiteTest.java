package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue TH-CSRF-3 and -4: what other sites may make a user's browser do in the app. */
@OverHttp2
class CrossSiteTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
    bearer: {audience: https://api.example}
    cross-site: {trusted-origins: ["https://pay.example", "https://b.example:8443"]}
    rules:
      - {path: /return/**, access: login, cross-site: allow}
      - {path: /island/**, access: login, cross-site: refuse}
      - {path: /public/**, access: anonymous}
      - {path: /public/form, access: anonymous, cross-site: refuse-unsafe}
      - {path: /both/**, access: login-or-bearer, cross-site: refuse-unsafe}
    """;
  }

  /** With its cookies, as browsers do that know nothing of SameSite. */
  private Reply send(Browser user, Ask ask) {
    scene.app().forget();
    return user.send(ask.header("Cookie", user.cookieField()));
  }

  private static Ask post(String path) {
    return Ask.of("POST", path).kind(Ask.Kind.OLD).body("a=1");
  }

  private static Ask with(Ask ask, String... fields) {
    Ask more = ask;
    for (int i = 0; i < fields.length; i += 2) {
      more = fields[i + 1] == null ? more : more.header(fields[i], fields[i + 1]);
    }
    return more;
  }

  @ParameterizedTest
  @Rule("TH-CSRF-3")
  @Rule("TH-CSRF-4")
  @CsvSource(
      nullValues = "-",
      value = {
        // Sec-Fetch-Site, Origin, Referer, may
        "same-origin, https://app.example, -, true",
        "same-origin, -, -, true",
        "none, -, -, true",
        // A form on a page with Referrer-Policy: no-referrer.
        "same-origin, null, -, true",
        "-, https://app.example, -, true",
        "-, https://APP.example:443, -, true",
        "-, -, https://app.example/x?y, true",
        "-, -, https://app.example, true",
        "-, -, -, true",
        "same-site, https://other.app.example, -, true",
        "same-site, -, -, true",
        "cross-site, https://pay.example, -, true",
        "-, https://pay.example, -, true",
        "-, https://b.example:8443, -, true",
        "-, -, https://pay.example/done, true",
        "cross-site, -, -, false",
        "cross-site, https://evil.example, -, false",
        "cross-site, https://app.example, -, false",
        "same-origin, https://evil.example, -, false",
        "none, https://evil.example, -, false",
        "elsewhere, -, -, false",
        "-, https://evil.example, -, false",
        "-, null, -, false",
        "same-site, null, -, false",
        "none, null, -, false",
        "cross-site, null, https://app.example/, false",
        "-, https://app.example.evil.example, -, false",
        "-, https://app.example@evil.example, -, false",
        "-, https://app.example/, -, false",
        "-, https://app.example:8443, -, false",
        "-, http://app.example, -, false",
        "-, https://notapp.example, -, false",
        "-, https://pay.example.evil.example, -, false",
        "-, https://b.example, -, false",
        "-, 'https://app.example https://evil.example', -, false",
        "-, -, https://evil.example/https://app.example/, false",
        "-, -, https://app.example@evil.example/, false",
        "-, -, //app.example/, false",
        "-, -, about:blank, false",
        "-, https://evil.example, https://app.example/, false",
      })
  void requestThatChangesSomethingMustBeTheAppsOwnDoing(
      String site, String origin, String referer, boolean may) {
    Browser user = scene.signedIn();
    assertThat(App.made(send(user, with(post("/pay"), "Origin", "https://app.example")))).isTrue();

    Reply reply =
        send(
            user, with(post("/pay"), "Sec-Fetch-Site", site, "Origin", origin, "Referer", referer));

    if (may) {
      assertThat(App.made(reply)).as("%s", reply).isTrue();
      assertThat(scene.app().only().header("X-Gatehouse-User")).isEqualTo("alice-1");
    } else {
      assertRefused(reply, 403);
      assertAppUnreached();
    }
  }

  @ParameterizedTest
  @Rule("TH-CSRF-4")
  @CsvSource({
    "Origin, https://app.example, https://evil.example",
    "Origin, https://evil.example, https://app.example",
    "Sec-Fetch-Site, same-origin, cross-site",
    "Referer, https://app.example/, https://evil.example/",
  })
  void twoAnswersAreNone(String name, String one, String two) {
    Browser user = scene.signedIn();
    assertThat(App.made(send(user, with(post("/x"), "Origin", "https://app.example")))).isTrue();

    assertRefused(send(user, with(post("/x"), name, one, name, two)), 403);
    assertAppUnreached();
  }

  @ParameterizedTest
  @Rule("TH-CSRF-3")
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "JEFF"})
  void everyMethodThatMayChangeSomethingIsLookedAt(String method) {
    Browser user = scene.signedIn();
    Ask own = Ask.of(method, "/x").kind(Ask.Kind.XHR).site("same-origin");
    assertThat(App.made(send(user, own))).isTrue();

    assertRefused(send(user, own.site("cross-site")), 403);
    assertAppUnreached();
  }

  @ParameterizedTest
  @Rule("TH-CSRF-3")
  @CsvSource({
    "NAVIGATION, GET, true",
    "NAVIGATION, HEAD, true",
    "IFRAME, GET, false",
    "OBJECT, GET, false",
    "IMAGE, GET, false",
    "SCRIPT, GET, false",
    "STYLE, GET, false",
    "XHR, GET, false",
    "XHR, OPTIONS, false",
    "NAVIGATION, POST, false",
  })
  void islandIsReachedFromOtherSitesByLinksAlone(Ask.Kind kind, String method, boolean may) {
    Browser user = scene.signedIn();
    Ask ask = Ask.of(method, "/island/x").kind(kind);
    assertThat(App.made(send(user, ask.site("same-origin")))).isTrue();

    Reply reply = send(user, ask.site("cross-site"));

    assertThat(reply.status()).isEqualTo(may ? 200 : 403);
    assertThat(scene.app().seen()).hasSize(may ? 1 : 0);
    // Elsewhere other sites may load what changes nothing.
    boolean safe = !method.equals("POST");
    assertThat(send(user, Ask.of(method, "/x").kind(kind).site("cross-site")).status())
        .isEqualTo(safe ? 200 : 403);
  }

  @Test
  @Rule("TH-CSRF-3")
  void olderBrowserReachesTheIslandToRead() {
    Browser user = scene.signedIn();

    assertThat(App.made(send(user, Ask.get("/island/x").kind(Ask.Kind.OLD)))).isTrue();
  }

  /** The form of a payment provider, which brings no session where browsers hold to SameSite. */
  @Test
  @Rule("TH-CSRF-3")
  void ruleMayAllowWhatOtherSitesSend() {
    Browser user = scene.signedIn();
    Ask form = Ask.of("POST", "/return/x").site("cross-site").body("a=1");

    assertThat(App.made(send(user, form))).isTrue();
    assertThat(scene.app().only().header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(App.made(send(scene.browser(), Ask.of("POST", "/public/x").site("cross-site"))))
        .isTrue();
    assertThat(send(scene.browser(), form).status()).isEqualTo(401);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-CSRF-3")
  void ruleMayGuardWhatIsOpenToEverybody() {
    Ask form = Ask.of("POST", "/public/form").body("a=1");
    assertThat(App.made(send(scene.browser(), form.site("same-origin")))).isTrue();

    assertRefused(send(scene.browser(), form.site("cross-site")), 403);
    assertAppUnreached();
  }

  /** No other site can make a browser send an access token. */
  @Test
  @Rule("TH-CSRF-3")
  void requestByTokenAloneIsNobodyElsesDoing() {
    String token =
        scene
            .op()
            .accessToken(TokenRecipe.correct().header("typ", "at+jwt"), Map.<String, Object>of());
    Ask call =
        Ask.of("POST", "/both/x")
            .kind(Ask.Kind.XHR)
            .site("cross-site")
            .header("Authorization", "Bearer " + token);

    assertThat(App.made(scene.browser().send(call))).isTrue();
    scene.app().forget();

    Browser user = scene.signedIn();
    assertRefused(send(user, call), 403);
    assertAppUnreached();
  }
}
