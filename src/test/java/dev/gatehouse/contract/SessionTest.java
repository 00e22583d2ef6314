package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.SetCookie;
import dev.gatehouse.testkit.StubOp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §7: the session and its cookie. */
@OverHttp2
class SessionTest extends ContractTest {
  @Test
  @Rule("TH-SES-1")
  void cookieIsHostBoundSecureHttpOnlyAndLax() {
    Reply reply = scene.login(scene.browser(), "/x").comeBack();

    SetCookie cookie =
        reply.cookies().stream()
            .filter(c -> c.name().equals(Scene.SESSION_COOKIE))
            .findFirst()
            .orElseThrow();
    assertThat(cookie.attributes().keySet())
        .contains("secure", "httponly", "path", "samesite")
        .doesNotContain("domain");
    assertThat(cookie.attribute("path")).isEqualTo("/");
    assertThat(cookie.attribute("samesite")).isEqualTo("Lax");
  }

  @Test
  @Rule("TH-SES-2")
  @Rule("TH-SES-3")
  @Rule("TH-RAND-2")
  void everyLoginGets256FreshBits() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 30; i++) {
      ids.add(scene.signedIn().cookies().get(Scene.SESSION_COOKIE));
    }
    assertThat(ids).hasSize(30).allSatisfy(id -> assertThat(id).matches("[A-Za-z0-9_-]{43,}"));
  }

  @Test
  @Rule("TH-SES-3")
  void plantedCookieIsNeverAdopted() {
    Browser browser = scene.browser().cookie(Scene.SESSION_COOKIE, "f".repeat(43));
    LoginAttempt attempt = scene.login(browser, "/x").complete();

    assertThat(attempt.browser().cookies().get(Scene.SESSION_COOKIE)).isNotEqualTo("f".repeat(43));
    assertNoSession(scene.browser().cookie(Scene.SESSION_COOKIE, "f".repeat(43)));
  }

  @Test
  @Rule("TH-SES-11")
  void sessionOfAnotherGatewayIsNoSessionHere() {
    try (Scene other = Scene.open(door, "")) {
      String foreign = other.signedIn().cookies().get(Scene.SESSION_COOKIE);

      assertNoSession(scene.browser().cookie(Scene.SESSION_COOKIE, foreign));
      assertThat(other.browser().cookie(Scene.SESSION_COOKIE, foreign).get("/x").status())
          .isEqualTo(200);
    }
  }

  @Test
  @Rule("TH-SES-6")
  void appCannotSetCookiesOfTheGateway() {
    Browser browser = scene.signedIn();
    String id = browser.cookies().get(Scene.SESSION_COOKIE);
    for (String planted :
        List.of("__Host-gh_s", "__host-gh_s", "gh_s", "__Host-gh_t.x", "gh_t.x", "__Secure-gh_s")) {
      Reply reply =
          browser.get(
              "/x?header=Set-Cookie:"
                  + planted
                  + "%3Dplanted%3B%20Path%3D/%3B%20Secure&header=Set-Cookie:mine%3D1%3B%20Path%3D/");
      assertThat(App.made(reply)).isTrue();
      assertThat(reply.headers("Set-Cookie")).as(planted).containsExactly("mine=1; Path=/");
    }
    assertThat(browser.cookies()).containsEntry(Scene.SESSION_COOKIE, id);
  }

  @ParameterizedTest
  @Rule("TH-SES-6")
  @ValueSource(strings = {"/x", "/public/x", "/optional/x"})
  void appNeverSeesACookieOfTheGateway(String path) {
    Browser browser = scene.signedIn();
    scene.login(browser, "/gatehouse/login?rd=/x");
    browser.cookie("JSESSIONID", "ABC").cookie("own", "1");
    scene.app().forget();
    browser.get(path);

    List<String> cookies = scene.app().only().headers("Cookie");
    assertThat(String.join("; ", cookies)).isEqualTo("JSESSIONID=ABC; own=1");
  }

  @Test
  @Rule("TH-SES-6")
  void cookieFieldDisappearsWhenNothingIsLeftInIt() {
    scene.userSeen(scene.signedIn(), "/x");

    assertThat(scene.app().only().headers("Cookie")).isEmpty();
  }

  @Test
  @Rule("TH-SES-7")
  void twoSessionCookiesAreNone() {
    String name = Scene.SESSION_COOKIE;
    String alice = scene.signedIn().cookies().get(name);
    String bob = scene.signedIn(Plan.honest().user(StubOp.BOB)).cookies().get(name);
    scene.app().forget();
    List<String> fields =
        List.of(
            name + "=" + alice + "; " + name + "=" + bob,
            name + "=" + alice + "; " + name + "=x",
            name + "=x; " + name + "=" + alice,
            name + "=" + alice + "; __host-gh_s=x",
            name + "=" + alice + "; gh_s=x",
            "__HOST-GH_S=" + alice);

    for (String field : fields) {
      Reply reply = scene.browser().send(Ask.get("/x").kind(Ask.Kind.XHR).header("Cookie", field));
      assertThat(reply.status()).as(field.replaceAll("=[^;]*", "=…")).isEqualTo(401);
    }
    assertAppUnreached();

    Ask clean = Ask.get("/x").header("Cookie", "a=b; " + name + "=" + alice + "; c=d");
    assertThat(App.made(scene.browser().send(clean))).isTrue();
  }

  @Test
  @Rule("TH-SES-7")
  void twoCookieFieldsWithASessionEachAreNone() {
    String name = Scene.SESSION_COOKIE;
    String alice = scene.signedIn().cookies().get(name);
    String bob = scene.signedIn(Plan.honest().user(StubOp.BOB)).cookies().get(name);
    scene.app().forget();

    Ask two =
        Ask.get("/x")
            .kind(Ask.Kind.XHR)
            .header("Cookie", "a=1; " + name + "=" + alice)
            .header("Cookie", name + "=" + bob);
    assertThat(scene.browser().send(two).status()).isEqualTo(401);
    assertAppUnreached();
  }

  @ParameterizedTest
  @Rule("TH-SES-8")
  @ValueSource(
      strings = {
        "%s%n",
        "${jndi:ldap://127.0.0.1/a}",
        "' OR 1=1--",
        "../../etc/passwd",
        "=====",
        "null",
        "-1",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0.",
      })
  void junkIsNoSessionAndNoError(String value) {
    Ask ask = Ask.get("/x").header("Cookie", Scene.SESSION_COOKIE + "=" + value);

    assertSentToOp(scene.browser().send(ask));
    assertAppUnreached();
  }

  @Test
  @Rule("TH-SES-8")
  void sessionIdWithAnyCharacterChangedIsNoSession() {
    Browser browser = scene.signedIn();
    scene.app().forget();
    String id = browser.cookies().get(Scene.SESSION_COOKIE);
    for (int i = 0; i < id.length(); i++) {
      char other = id.charAt(i) == 'A' ? 'B' : 'A';
      Browser guess =
          scene
              .browser()
              .cookie(Scene.SESSION_COOKIE, id.substring(0, i) + other + id.substring(i + 1));
      assertThat(guess.send(Ask.get("/x").kind(Ask.Kind.XHR)).status()).isEqualTo(401);
    }
    for (String variant : List.of(id.substring(1), id + "A", id + id, id + "=")) {
      Browser guess = scene.browser().cookie(Scene.SESSION_COOKIE, variant);
      assertThat(guess.send(Ask.get("/x").kind(Ask.Kind.XHR)).status()).isEqualTo(401);
    }
    assertAppUnreached();
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-SES-4")
  void sessionIdInTheUrlIsNoSession() {
    String id = scene.signedIn().cookies().get(Scene.SESSION_COOKIE);
    scene.app().forget();

    for (String target :
        List.of("/x;jsessionid=" + id, "/x?" + Scene.SESSION_COOKIE + "=" + id, "/x?gh_s=" + id)) {
      assertThat(App.made(scene.browser().get(target))).isFalse();
    }
    assertAppUnreached();
  }

  @ParameterizedTest
  @Rule("TH-SES-10")
  @Rule("TH-HTTP-14")
  @CsvSource({
    "'', private",
    "'public, max-age=600', private",
    "'s-maxage=60', private",
    "'no-store', no-store",
    "'private, max-age=5', private",
  })
  void answersToAKnownUserStayOutOfSharedCaches(String byApp, String expected) {
    String header = byApp.isEmpty() ? "" : "?header=Cache-Control:" + byApp.replace(" ", "%20");
    Reply reply = scene.signedIn().get("/account/x.css" + header);

    assertThat(App.made(reply)).isTrue();
    assertThat(reply.headers("Cache-Control")).hasSize(1);
    assertThat(reply.header("Cache-Control"))
        .contains(expected)
        .doesNotContain("public")
        .doesNotContain("s-maxage");
    assertThat(String.join(",", reply.headers("Vary"))).containsIgnoringCase("cookie");
  }

  @Test
  @Rule("TH-SES-10")
  void answersUnderAnAnonymousRuleStayAsTheAppMadeThem() {
    Reply reply = scene.signedIn().get("/public/x?header=Cache-Control:public,max-age=600");

    assertThat(reply.headers("Cache-Control")).containsExactly("public,max-age=600");
    assertThat(String.join(",", reply.headers("Vary"))).doesNotContainIgnoringCase("cookie");
  }

  @Test
  @Rule("TH-HTTP-15")
  void answersCarryStrictTransportSecurity() {
    for (Reply reply : List.of(scene.signedIn().get("/x"), scene.browser().get("/x"))) {
      assertThat(reply.header("Strict-Transport-Security")).contains("max-age=");
    }
  }

  @Test
  void usersInManyBrowsersAtOnceAreNeverMixedUp() {
    List<Browser> browsers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Map<String, Object> user = Map.of("sub", "user-" + i, "name", "User " + i);
      browsers.add(scene.signedIn(Plan.honest().user(user)));
    }
    scene.app().forget();
    List<CompletableFuture<Void>> running =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int n = 0; n < 15; n++) {
                            browsers.get(i).copy().get("/of/user-" + i);
                          }
                        }))
            .toList();
    running.forEach(CompletableFuture::join);

    assertThat(scene.app().seen())
        .hasSize(8 * 15)
        .allSatisfy(
            seen -> assertThat(seen.path()).isEqualTo("/of/" + seen.header("X-Gatehouse-User")));
  }

  @Test
  void liveSessionAsksNothingOfTheOp() {
    Browser browser = scene.signedIn();
    scene.op().forgetCalls();
    for (int i = 0; i < 10; i++) {
      scene.userSeen(browser, "/x");
    }
    assertThat(scene.op().calls()).isEmpty();
  }
}
