package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.SeenRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §10: nobody but the gateway tells the app who the user is. */
@OverHttp2
class IdentityHeadersTest extends ContractTest {
  private static final String EVIL = "evil-admin";

  static List<String> spellings() {
    return AttackList.of("header-spellings.txt");
  }

  @ParameterizedTest
  @MethodSource("spellings")
  @Rule("TH-HDR-1")
  @Rule("TH-HDR-2")
  @Rule("TH-HDR-4")
  void spoofedFieldReachesTheAppInNoSpelling(String name) {
    Browser user = scene.signedIn();
    assertSpoofFails(user, "/x", name, "alice-1");
    assertSpoofFails(user, "/public/x", name, null);
    assertSpoofFails(scene.browser(), "/public/x", name, null);
    assertSpoofFails(scene.browser(), "/optional/x", name, null);
    assertSpoofFails(user, "/optional/x", name, "alice-1");
  }

  private void assertSpoofFails(Browser browser, String path, String name, String user) {
    String clean = request("GET", browser, path, "X-Benign: here\r\n");
    scene.app().forget();
    browser.raw(clean);
    assertThat(scene.app().only().header("X-Benign")).isEqualTo("here");

    scene.app().forget();
    String line = name + ": " + EVIL + "\r\n";
    Optional<Reply> reply =
        browser.raw(request("GET", browser, path, "X-Benign: here\r\n" + line + line));
    reply.ifPresent(r -> assertThat(r.status()).isLessThan(500));
    for (SeenRequest seen : scene.app().seen()) {
      assertThat(seen.everything()).doesNotContain(EVIL);
      assertThat(seen.header("X-Gatehouse-User")).isEqualTo(user);
    }
  }

  private String request(String method, Browser browser, String path, String lines) {
    String cookies = browser.cookieField();
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: app.example\r\nAccept: text/html\r\n"
        + (cookies.isEmpty() ? "" : "Cookie: " + cookies + "\r\n")
        + lines
        + "Connection: close\r\n\r\n";
  }

  @ParameterizedTest
  @Rule("TH-HDR-2")
  @Rule("TH-HTTP-4")
  @ValueSource(
      strings = {
        "X-Gatehouse-User : evil-admin\r\n",
        "X-Gatehouse-User\t: evil-admin\r\n",
        "X-Fold: a\r\n X-Gatehouse-User: evil-admin\r\n",
        " X-Gatehouse-User: evil-admin\r\n",
        "X-Lf: a\nX-Gatehouse-User: evil-admin\r\n",
        "X-Cr: a\rX-Gatehouse-User: evil-admin\r\n",
        "X-Gatehouse-User\0: evil-admin\r\n",
        "X-Nul: a\0\r\nX-Gatehouse-User: evil-admin\r\n",
      })
  void brokenFieldLineBringsNothingToTheApp(String lines) {
    for (Browser browser : List.of(scene.signedIn(), scene.browser())) {
      scene.app().forget();
      browser.raw(request("GET", browser, "/public/x", lines));
      browser.raw(request("GET", browser, "/optional/x", lines));
      for (SeenRequest seen : scene.app().seen()) {
        assertThat(seen.headers())
            .filteredOn(h -> h.value().contains(EVIL))
            .noneMatch(h -> h.name().toLowerCase(Locale.ROOT).contains("gatehouse"));
        assertThat(seen.remoteUser().orElse("")).doesNotContain(EVIL);
      }
    }
  }

  @Test
  @Rule("TH-HDR-2")
  void trailerBringsNoIdentity() {
    Browser user = scene.signedIn();
    scene.app().forget();
    String head =
        request(
            "POST",
            user,
            "/x",
            "Origin: https://app.example\r\nSec-Fetch-Site: same-origin\r\n"
                + "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"
                + "Trailer: X-Gatehouse-User\r\n");
    String body = "3\r\nabc\r\n0\r\nX-Gatehouse-User: evil-admin\r\n\r\n";

    assertThat(user.raw(head + body)).hasValueSatisfying(r -> assertThat(App.made(r)).isTrue());
    SeenRequest seen = scene.app().only();
    assertThat(seen.body()).isEqualTo("abc".getBytes());
    assertThat(seen.everything()).doesNotContain(EVIL);
    assertThat(seen.header("X-Gatehouse-User")).isEqualTo("alice-1");
  }

  @Test
  @Rule("TH-HDR-12")
  @Rule("TH-HDR-5")
  void appLearnsEveryConfiguredClaim() {
    scene.userSeen(scene.signedIn(), "/x");

    SeenRequest seen = scene.app().only();
    assertThat(seen.header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(seen.header("X-Gatehouse-Email")).isEqualTo("alice@example.com");
    assertThat(seen.header("X-Gatehouse-Groups")).isEqualTo("users,everyone");
    if (!door.proxy()) {
      assertThat(seen.remoteUser()).contains("alice-1");
    }
  }

  @Test
  @Rule("TH-HDR-8")
  void claimBeyondAsciiIsCarriedReversibly() {
    scene.userSeen(scene.signedIn(Plan.honest().claim("name", "山田%")), "/x");

    assertThat(scene.app().only().header("X-Gatehouse-Name")).isEqualTo("%E5%B1%B1%E7%94%B0%25");
  }

  @Test
  @Rule("TH-HDR-9")
  void groupWithASeparatorStaysOneItem() {
    Browser user = scene.signedIn(Plan.honest().claim("groups", List.of("x,admins", "y")));
    scene.userSeen(user, "/x");

    String[] items = scene.app().only().header("X-Gatehouse-Groups").split(",");
    assertThat(items).hasSize(2).doesNotContain("admins");
  }

  @Test
  @Rule("TH-HDR-7")
  void controlCharactersInAClaimRefuseTheLogin() {
    for (String sub : List.of("a\r\nX-Injected: 1", "alice-1\u0000", "alice-1\n", "alice-1\t")) {
      LoginAttempt attempt =
          scene.login(scene.browser(), "/x").plan(Plan.honest().claim("sub", sub));
      Reply reply = attempt.comeBack();
      assertThat(reply.status()).isEqualTo(502);
      assertNoSession(attempt.browser());
    }
    for (String name : List.of("n\r\nX-Injected: 1", "n\u0000")) {
      LoginAttempt attempt =
          scene.login(scene.browser(), "/x").plan(Plan.honest().claim("name", name));
      assertThat(attempt.comeBack().status()).isEqualTo(502);
      assertNoSession(attempt.browser());
    }
    assertAppUnreached();
  }

  @Test
  @Rule("TH-HDR-10")
  void tooManyGroupsAreNeverCut() {
    List<String> groups = IntStream.range(0, 2000).mapToObj(i -> "group-" + i).toList();
    LoginAttempt attempt =
        scene.login(scene.browser(), "/x").plan(Plan.honest().claim("groups", groups));
    Reply reply = attempt.comeBack();

    assertThat(reply.status()).isEqualTo(502);
    assertNoSession(attempt.browser());

    List<String> fewer = groups.subList(0, 200);
    scene.userSeen(scene.signedIn(Plan.honest().claim("groups", fewer)), "/x");
    assertThat(scene.app().only().header("X-Gatehouse-Groups")).isEqualTo(String.join(",", fewer));
  }

  @Test
  @Rule("TH-HDR-11")
  void missingClaimIsAnAbsentHeader() {
    scene.userSeen(scene.signedIn(Plan.honest().claim("email", null)), "/x");

    assertThat(scene.app().only().headers("X-Gatehouse-Email")).isEmpty();
    assertThat(scene.app().only().header("X-Gatehouse-Name")).isNotNull();
  }

  @ParameterizedTest
  @Rule("TH-HTTP-7")
  @Rule("TH-HTTP-8")
  @ValueSource(
      strings = {
        "X-Forwarded-For: 10.9.8.7",
        "X-Forwarded-Host: evil-admin.example",
        "X-Forwarded-Proto: evil-admin",
        "X-Forwarded-Port: 10987",
        "Forwarded: for=10.9.8.7;host=evil-admin.example",
        "X-Real-IP: 10.9.8.7",
        "Via: 1.1 evil-admin",
        "X-Original-URL: /evil-admin",
        "X-Rewrite-URL: /evil-admin",
        "X-Forwarded-Prefix: /evil-admin",
        "X-Forwarded-Path: /evil-admin",
      })
  void fieldOfAProxyThatNobodyTrustsIsReplacedOrDropped(String line) {
    String[] field = line.split(": ", 2);
    for (String path : List.of("/x", "/public/x")) {
      Browser user = scene.signedIn();
      scene.app().forget();
      assertThat(App.made(user.send(Ask.get(path).header(field[0], field[1])))).isTrue();
      assertThat(scene.app().only().headers(field[0])).noneMatch(v -> v.contains(field[1]));
      assertThat(scene.app().only().everything()).doesNotContain(EVIL).doesNotContain("10.9.8.7");
    }
  }

  @Test
  @Rule("TH-HTTP-7")
  void appLearnsTheTruePeer() {
    Browser user = scene.signedIn();
    scene.app().forget();
    user.get("/x");

    SeenRequest seen = scene.app().only();
    assertThat(seen.header("X-Forwarded-For")).isEqualTo(user.address());
    assertThat(seen.header("X-Forwarded-Proto")).isEqualTo("https");
    assertThat(seen.header("X-Forwarded-Host")).isEqualTo("app.example");
  }

  @Test
  void identityNeverComesBackToTheBrowser() {
    Reply reply = scene.signedIn().get("/x");

    Set<String> names =
        reply.headers().stream()
            .map(HeaderField::name)
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    assertThat(names).noneMatch(name -> name.startsWith("x-gatehouse"));
    assertThat(reply.whole()).doesNotContain("alice@example.com");
  }
}
