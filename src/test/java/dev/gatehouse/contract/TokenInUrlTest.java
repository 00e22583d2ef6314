package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.KnownSecrets;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §8: tokens in URLs, refused, taken out or counted, and never believed. */
@OverHttp2
class TokenInUrlTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
    bearer: {audience: https://api.example, validation: jwt}
    token-hygiene: {mode: enforce, names: [ticket_key, x.y], jwt-values: as-token}
    rules:
      - {path: /public/**, access: anonymous}
      - {path: /strip/**, access: anonymous, token-hygiene: strip, reason: old links}
      - {path: /report/**, access: anonymous, token-hygiene: report, reason: being watched}
      - {path: /strip/in/**, access: login, token-hygiene: strip, reason: old links}
      - {path: /report/in/**, access: login, token-hygiene: report, reason: being watched}
      - {path: /api/**, access: bearer}
      - {path: /strip/api/**, access: bearer, token-hygiene: strip, reason: old clients}
      - {path: /report/api/**, access: bearer, token-hygiene: report, reason: being watched}
    """;
  }

  private static String opaque() {
    return KnownSecrets.token("opaque-token-of-a-client-1234567890");
  }

  private String jwt() {
    return scene.op().accessToken(TokenRecipe.correct().header("typ", "at+jwt"), Map.of());
  }

  private Reply script(String target, String... fields) {
    Ask ask = Ask.get(target).kind(Ask.Kind.XHR).site("same-origin");
    for (int i = 0; i < fields.length; i += 2) {
      ask = ask.header(fields[i], fields[i + 1]);
    }
    return scene.browser().send(ask);
  }

  private void assertTokenRefused(Reply reply) {
    assertRefused(reply, 400);
    assertThat(reply.header("WWW-Authenticate"))
        .startsWith("Bearer realm=\"")
        .contains(", error=\"invalid_request\", error_description=\"");
    assertAppUnreached();
  }

  private static List<String> leakEvents() {
    return LeakWatch.lines().stream()
        .filter(line -> line.contains("event=\"token-leak\""))
        .toList();
  }

  @Test
  @Rule("TH-LEAK-1")
  void aValidTokenInTheUrlIsNoCredentialInAnyMode() {
    for (String mode : List.of("", "/strip", "/report")) {
      String path = mode + "/api/x";
      assertThat(App.made(script(path, "Authorization", "Bearer " + jwt()))).as(path).isTrue();
      scene.app().forget();

      Reply reply = script(path + "?access_token=" + jwt());

      assertThat(reply.status()).as(path).isEqualTo(mode.isEmpty() ? 400 : 401);
      assertAppUnreached();
    }
  }

  @Test
  @Rule("TH-LEAK-1")
  void nobodyIsKnownByATokenInTheUrlWhereAnybodyPasses() {
    script("/report/x?access_token=" + jwt());

    assertThat(scene.app().only().header("X-Gatehouse-User")).isNull();
    assertThat(scene.app().only().remoteUser()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/public/x", "/api/x", "/in", "/denied/x", "/gatehouse/session", "/"})
  @Rule("TH-LEAK-2")
  @Rule("TH-LEAK-16")
  void enforcedATokenIsRefusedWhereverItComes(String path) {
    Reply reply = scene.browser().get(path + "?a=1&access_token=" + opaque());

    assertTokenRefused(reply);
    assertThat(reply.whole()).doesNotContain(opaque());
    assertThat(leakEvents()).hasSize(1).first().asString().contains("outcome=\"refused\"");
    assertThat(scene.browser().get(path + "?a=1&access_tokens=x").status()).isNotEqualTo(400);
  }

  @Test
  @Rule("TH-LEAK-16")
  void aSessionDoesNotHelp() {
    Browser browser = scene.signedIn();
    assertThat(App.made(browser.get("/x?a=1"))).isTrue();
    scene.app().forget();

    assertTokenRefused(browser.get("/x?a=1&access_token=" + opaque()));
    assertTokenRefused(browser.send(Ask.form("/x?id_token=" + opaque(), Map.of("a", "b"))));
  }

  @Test
  @Rule("TH-CB-11")
  @Rule("TH-LEAK-16")
  void theRedirectionEndpointTakesATokenInNoSpelling() {
    for (String name : List.of("access_token", "ACCESS%5FTOKEN", "id_token%5B%5D", "jwt")) {
      Reply reply = scene.browser().get("/gatehouse/callback?state=s&" + name + "=" + opaque());

      assertRefused(reply, 400);
      assertNoTokenCall();
    }
    assertThat(leakEvents()).hasSize(4);
  }

  @Test
  @Rule("TH-LEAK-9")
  void aJwtCountsUnderAnyName() {
    for (String value : List.of(jwt(), "Bearer%20" + jwt(), jwt().replace(".", "%2E"))) {
      assertTokenRefused(scene.browser().get("/public/x?t=" + value));
      assertTokenRefused(scene.browser().get("/public/x?" + value));
    }
    assertThat(App.made(scene.browser().get("/public/x?t=eyJhbGciOiJub25lIn0.eyJ"))).isTrue();
  }

  @Test
  @Rule("TH-LEAK-9")
  void theSessionsOwnCookieCountsUnderAnyName() {
    Browser browser = scene.signedIn();
    String cookie = browser.cookies().get(Scene.SESSION_COOKIE);
    scene.app().forget();

    assertTokenRefused(browser.get("/x?t=" + cookie));
    String other = (cookie.startsWith("A") ? "B" : "A") + cookie.substring(1);
    assertThat(App.made(browser.get("/x?t=" + other))).isTrue();
  }

  @Test
  @Rule("TH-LEAK-7")
  void furtherNamesAreWatchedToo() {
    assertTokenRefused(scene.browser().get("/public/x?Ticket_Key=" + opaque()));
    assertTokenRefused(scene.browser().get("/public/x?x.y=" + opaque()));
    assertThat(App.made(scene.browser().get("/public/x?ticket=1&x.z=1"))).isTrue();
  }

  @Test
  @Rule("TH-LEAK-10")
  void aTokenByTwoMethodsIsRefusedUnlessOnlyCounted() {
    String[] bearer = {"Authorization", "Bearer " + jwt()};
    for (String mode : List.of("", "/strip")) {
      assertThat(App.made(script(mode + "/api/x", bearer))).isTrue();
      scene.app().forget();
      assertTokenRefused(script(mode + "/api/x?access_token=" + jwt(), bearer));
    }

    assertThat(App.made(script("/report/api/x?access_token=" + opaque(), bearer))).isTrue();

    assertThat(scene.app().only().header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(leakEvents()).hasSize(3);
    Reply bad = script("/report/api/x?access_token=" + jwt(), "Authorization", "Bearer bad");
    assertThat(bad.status()).isEqualTo(401);
  }

  @Test
  @Rule("TH-LEAK-4")
  void strippedAPageIsAskedForAgainWithoutTheToken() {
    String query = "b=%2F&access_token=" + opaque() + "&c&&d=+%zz;e";
    Reply reply = scene.browser().get("/strip/p?" + query);

    assertThat(reply.status()).isEqualTo(303);
    assertOwnHeaders(reply);
    assertThat(reply.location()).isEqualTo("/strip/p?b=%2F&c&&d=+%zz;e#");
    assertAppUnreached();
    assertThat(leakEvents()).hasSize(1).first().asString().contains("outcome=\"stripped\"");
    assertThat(App.made(scene.browser().get("/strip/p?b=%2F&c"))).isTrue();
  }

  @Test
  @Rule("TH-LEAK-4")
  void nothingIsLeftOfAQueryThatWasAToken() {
    assertThat(scene.browser().get("/strip/p?access_token=" + opaque()).location())
        .isEqualTo("/strip/p#");
    assertThat(
            scene.browser().send(Ask.of("HEAD", "/strip/p?id_token=" + opaque() + "&a")).location())
        .isEqualTo("/strip/p?a#");
    assertAppUnreached();
  }

  @Test
  @Rule("TH-LEAK-5")
  void strippedAScriptsRequestGoesOnWithoutTheToken() {
    String query = "b=%2F&access_token=" + opaque() + "&c&ID%5FTOKEN=" + opaque() + ";d=1";
    assertThat(App.made(script("/strip/p?" + query))).isTrue();

    assertThat(scene.app().only().target()).isEqualTo("/strip/p?b=%2F&c&d=1");
    assertThat(leakEvents()).hasSize(2).allMatch(line -> line.contains("route=\"/strip/**\""));
  }

  @Test
  @Rule("TH-LEAK-5")
  void strippedAFormGoesOnWithItsBodyAndWithoutTheTokenInTheUrl() {
    Ask form = Ask.form("/strip/p?access_token=" + opaque() + "&q=1", Map.of("a", "b"));
    assertThat(App.made(scene.browser().send(form))).isTrue();

    assertThat(scene.app().only().target()).isEqualTo("/strip/p?q=1");
    assertThat(new String(scene.app().only().body())).isEqualTo("a=b");
  }

  @Test
  @Rule("TH-LEAK-6")
  void reportedARequestGoesOnAsItIsAndItsAnswerStaysPrivate() {
    String query = "b=%2F&access_token=" + opaque() + "&c&header=Cache-Control:public";
    Reply reply =
        script(
            "/report/p?" + query + "&header=Referrer-Policy:unsafe-url",
            "Referer",
            "https://x.example/");

    assertThat(App.made(reply)).isTrue();
    assertThat(scene.app().only().target()).startsWith("/report/p?" + query);
    assertThat(reply.headers("Referrer-Policy")).containsExactly("no-referrer");
    assertThat(reply.headers("Cache-Control")).containsExactly("private, no-store");
    assertThat(leakEvents()).hasSize(1);
    assertThat(leakEvents().get(0))
        .contains("route=\"/report/**\"", "name=\"access_token\"", "place=\"query\"")
        .contains("outcome=\"reported\"", "referring-host=\"x.example\"", "agent=\"Firefox\"")
        .containsPattern("fingerprint=\"[0-9a-f]{8}\"")
        .doesNotContain(opaque());
  }

  @Test
  @Rule("TH-LEAK-6")
  void reportedAnAnswerThatSaysNothingIsPrivateToo() {
    Reply reply = scene.browser().get("/report/p?access_token=" + opaque());

    assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(reply.header("Cache-Control")).isEqualTo("private, no-store");
    Reply clean = scene.browser().get("/report/p?a=1");
    assertThat(clean.header("Cache-Control")).isNull();
  }

  @Test
  @Rule("TH-LEAK-6")
  void oneTokenHasOneFingerprintInEverySpelling() {
    script("/report/p?access_token=" + opaque());
    script("/report/q?ID_TOKEN=" + opaque().replace("o", "%6F"));
    script("/report/q?id_token=" + opaque() + "x");

    List<String> fingerprints =
        leakEvents().stream()
            .map(line -> line.replaceAll(".*fingerprint=\"(\\w+)\".*", "$1"))
            .toList();
    assertThat(fingerprints.get(0))
        .isEqualTo(fingerprints.get(1))
        .isNotEqualTo(fingerprints.get(2));
  }

  @Test
  @Rule("TH-LEAK-7")
  void aNameThatShowsAfterASecondDecodingIsFlagged() {
    script("/report/p?access%255Ftoken=" + opaque());
    script("/report/p?access%5Ftoken=" + opaque());

    assertThat(leakEvents().get(0)).contains("second-decoding=\"true\"");
    assertThat(leakEvents().get(1)).contains("second-decoding=\"false\"");
  }

  @Test
  @Rule("TH-LEAK-15")
  void noTokenComesBackAfterALogin() {
    for (String mode : List.of("/strip", "/report")) {
      Browser browser = scene.browser();
      Reply reply = browser.get(mode + "/in/p?a=1&access_token=" + opaque() + "&b=2");
      String target = mode + "/in/p?a=1&b=2";
      if (mode.equals("/strip")) {
        assertThat(reply.location()).isEqualTo(target + "#");
      } else {
        assertSentToOp(reply);
      }
      Browser other = scene.browser();
      String again =
          mode.equals("/strip") ? target : mode + "/in/p?a=1&id_token=" + opaque() + "&b=2";
      assertThat(scene.login(other, again).comeBack().location()).isEqualTo(target + "#");
    }
  }

  @Test
  @Rule("TH-LEAK-15")
  void aLinkToTheLoginBringsNoTokenBackEither() {
    Browser browser = scene.browser();
    String link = "/gatehouse/login?rd=%2Fp%3Fa%3D1%26access_token%3D" + opaque();

    assertThat(scene.login(browser, link).comeBack().location()).isEqualTo("/p?a=1#");
  }
}
