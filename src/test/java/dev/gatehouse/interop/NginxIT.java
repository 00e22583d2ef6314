package dev.gatehouse.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.KnownSecrets;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.SeenRequest;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import dev.gatehouse.testkit.WireApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code conf/forward-auth-nginx.conf} in a real nginx, which sends requests to the app itself. */
@Tag("nginx")
class NginxIT extends ContractTest {
  private static final String SETTINGS =
      """
      trusted-proxies: [127.0.0.1]
      forward-auth: {enabled: true, request: x-original}
      bearer: {audience: https://api.example, validation: jwt}
      rules:
        - {path: /public/**, access: anonymous}
        - {path: /denied/**, access: deny}
        - {path: /admin, access: login, require: {groups: admins}}
        - {path: /admin/**, access: login, require: {groups: admins}}
        - {path: /api/**, access: bearer, scopes: [read]}
        - {path: /form, access: anonymous}
        - {path: /form, methods: [DELETE], access: deny}
      """;

  @TempDir Path directory;

  private WireApp upstream;
  private Nginx nginx;

  @Override
  protected String configuration() {
    return SETTINGS;
  }

  @BeforeEach
  void startNginx() {
    upstream = new WireApp(scene.app());
    nginx = Nginx.start(directory, scene.port(), upstream.port());
  }

  @AfterEach
  void stopNginx() {
    nginx.close();
    upstream.close();
  }

  private Browser signedIn(Plan plan) {
    Browser browser = nginx.browser();
    scene.login(browser, "/start").plan(plan).complete();
    scene.app().forget();
    return browser;
  }

  private Browser alice() {
    return signedIn(Plan.honest());
  }

  private Browser root() {
    return signedIn(Plan.honest().user(StubOp.ROOT));
  }

  private SeenRequest seenBy(Browser browser, Ask ask) {
    scene.app().forget();
    Reply reply = browser.send(ask);
    assertThat(App.made(reply)).as("%s%n%s", reply, nginx.output()).isTrue();
    return scene.app().only();
  }

  @Test
  void userSignsInAndTheAppIsToldWhoHeIs() {
    Browser browser = nginx.browser();
    Reply back = scene.login(browser, "/deep/x?a=1&b=%2F&c=a+b").comeBack();

    assertThat(back.status()).isEqualTo(303);
    assertThat(back.location()).isEqualTo("/deep/x?a=1&b=%2F&c=a+b#");
    SeenRequest seen =
        seenBy(browser.cookie("JSESSIONID", "abc"), Ask.get("/deep/x?a=1&b=%2F&c=a+b"));
    assertThat(seen.target()).isEqualTo("/deep/x?a=1&b=%2F&c=a+b");
    assertThat(seen.header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(seen.header("X-Gatehouse-Email")).isEqualTo("alice@example.com");
    assertThat(seen.header("X-Gatehouse-Groups")).isEqualTo("users,everyone");
    assertThat(seen.header("Cookie")).isEqualTo("JSESSIONID=abc");
    assertThat(seen.header("X-Forwarded-For")).isEqualTo(browser.address());
    assertThat(seen.header("X-Forwarded-Host")).isEqualTo("app.example");
    assertThat(seen.header("X-Forwarded-Proto")).isEqualTo("https");
  }

  @ParameterizedTest
  @Rule("TH-HDR-1")
  @Rule("TH-HDR-2")
  @ValueSource(
      strings = {
        "X-Gatehouse-User",
        "x-gatehouse-user",
        "X-GATEHOUSE-GROUPS",
        "X_Gatehouse_User",
        "X-Gatehouse_User",
        "X.Gatehouse.User",
        "X-Gatehouse-Email",
      })
  void spoofedIdentityDoesNotArrive(String name) {
    for (Browser browser : List.of(nginx.browser(), alice())) {
      scene.app().forget();
      browser.send(Ask.get("/public/x").header(name, "evil"));
      browser.send(Ask.get("/x").header(name, "evil"));

      assertThat(scene.app().seen())
          .allSatisfy(seen -> assertThat(seen.everything()).doesNotContain("evil"));
    }
    assertThat(seenBy(alice(), Ask.get("/x")).header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(seenBy(alice(), Ask.get("/public/x")).headers("X-Gatehouse-User")).isEmpty();
  }

  @ParameterizedTest
  @Rule("TH-HDR-4")
  @Rule("TH-HTTP-7")
  @ValueSource(
      strings = {
        "Remote-User",
        "X-Remote-User",
        "X-Forwarded-User",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "Forwarded",
        "X-Real-IP",
        "X-Forwarded-Prefix",
      })
  void forgedFieldsOfOtherProxiesDoNotArrive(String name) {
    SeenRequest seen = seenBy(alice(), Ask.get("/x").header(name, "10.6.6.6"));

    assertThat(seen.everything()).doesNotContain("10.6.6.6");
  }

  @ParameterizedTest
  @Rule("TH-HTTP-8")
  @ValueSource(
      strings = {
        "X-Original-URI: /public/x", "X-Original-URL: /public/x", "X-Rewrite-URL: /public/x",
        "X-Forwarded-Uri: /public/x", "X-Original-Method: GET", "X-Forwarded-Method: GET",
      })
  void clientCannotSayWhichRequestIsJudged(String field) {
    String[] pair = field.split(": ");

    Reply reply = alice().send(Ask.get("/admin/x").header(pair[0], pair[1]));

    assertThat(reply.status()).isIn(403, 500);
    assertAppUnreached();
    assertThat(seenBy(root(), Ask.get("/admin/x")).path()).isEqualTo("/admin/x");
  }

  @Test
  @Rule("TH-HTTP-9")
  void methodOverrideDoesNotReachTheApp() {
    Ask post = Ask.of("POST", "/form").site("same-origin").body("a=b");

    Reply reply = nginx.browser().send(post.header("X-HTTP-Method-Override", "DELETE"));

    assertThat(App.made(reply)).isFalse();
    assertThat(nginx.browser().send(Ask.of("DELETE", "/form")).status()).isEqualTo(403);
    assertAppUnreached();
    assertThat(seenBy(nginx.browser(), post).body()).asString().isEqualTo("a=b");
  }

  @Test
  @Rule("TH-OUT-1")
  void userSignsOut() {
    Browser browser = alice();
    Form form = Form.in(browser.get("/gatehouse/logout"));

    assertThat(browser.send(form.submission()).status()).isEqualTo(303);

    scene.app().forget();
    assertSentToOp(browser.get("/x"));
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-2")
  @Rule("TH-BEAR-21")
  void programComesByItsAccessToken() {
    String token =
        scene
            .op()
            .accessToken(
                TokenRecipe.correct().header("typ", "at+jwt").claim("scope", "read"), Map.of());
    Ask ask = Ask.get("/api/x").kind(Ask.Kind.XHR);

    SeenRequest seen = seenBy(nginx.browser(), ask.header("Authorization", "Bearer " + token));

    assertThat(seen.header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(seen.headers("Authorization")).isEmpty();
    scene.app().forget();
    Reply without = nginx.browser().send(ask);
    assertThat(without.status()).isEqualTo(401);
    assertThat(without.header("WWW-Authenticate")).startsWith("Bearer realm=");
    assertThat(nginx.browser().send(ask.header("Authorization", "Bearer x")).status())
        .isEqualTo(401);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-LEAK-2")
  @Rule("TH-LEAK-11")
  void tokenInAUrlDoesNotReachTheApp() {
    Browser browser = alice();

    assertThat(browser.get("/x?access_token=secret-of-somebody").status()).isEqualTo(403);
    assertAppUnreached();
    SeenRequest seen =
        seenBy(
            browser,
            Ask.get("/x?a=1").header("Referer", "https://app.example/p?access_token=secret"));
    assertThat(seen.header("Referer")).isEqualTo("https://app.example/p");
  }

  @Test
  void basicCredentialsReachTheApp() {
    assertThat(
            seenBy(alice(), Ask.get("/x").header("Authorization", "Basic YTpi"))
                .header("Authorization"))
        .isEqualTo("Basic YTpi");
  }

  @Test
  void ruleThatSaysNoIsForbidden() {
    assertThat(alice().get("/admin/x").status()).isEqualTo(403);
    assertThat(nginx.browser().get("/denied/x").status()).isEqualTo(403);
    assertAppUnreached();
    assertThat(seenBy(root(), Ask.get("/admin/x")).header("X-Gatehouse-User")).isEqualTo("root-0");
  }

  @Test
  @Rule("TH-AUTHZ-12")
  void programWithoutASessionIsNotRedirected() {
    for (Ask ask : List.of(Ask.of("POST", "/x").body("a=b"), Ask.get("/x").kind(Ask.Kind.XHR))) {
      Reply reply = nginx.browser().send(ask);
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.location()).isNull();
      assertThat(reply.cookies()).isEmpty();
    }
    assertAppUnreached();
  }

  static Stream<Arguments> attacks() {
    // To a line end nginx answers as HTTP/0.9 did: without a status.
    return AttackList.columnsOf("path-tricks.txt").stream()
        .filter(columns -> columns.get(1).chars().noneMatch(c -> c == '\n'))
        .map(columns -> Arguments.of(columns.get(1), columns.get(2)));
  }

  private Optional<Reply> open(Browser browser, String target) {
    scene.app().forget();
    return browser.raw(
        "GET "
            + target
            + " HTTP/1.1\r\nHost: app.example\r\nAccept: text/html\r\nCookie: "
            + browser.cookieField()
            + "\r\nConnection: close\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("attacks")
  @Rule("TH-PATH-1")
  @Rule("TH-PATH-2")
  @Rule("TH-PATH-3")
  @Rule("TH-PATH-5")
  void ambiguousPathDoesNotReachTheApp(String attack, String mended) {
    Browser root = root();
    // White space, a question mark and a hash end a path or a request line: another path, then.
    boolean onePath = attack.chars().noneMatch(c -> " ?#\t".indexOf(c) >= 0);

    open(root, attack);

    if (onePath && attack.startsWith("/")) {
      assertAppUnreached();
    }
    if (mended.startsWith("/") && !mended.contains(";")) {
      assertThat(open(root, mended).filter(App::made)).as(mended).isPresent();
      assertThat(scene.app().only().target()).isEqualTo(mended);
    }
  }

  @ParameterizedTest
  @Rule("TH-PATH-1")
  @Rule("TH-PATH-10")
  @ValueSource(
      strings = {
        "/public/..%2fadmin",
        "/public/../admin",
        "/public//../admin",
        "//admin",
        "/public/..;/admin",
        "/admin;x=1",
        "/admin;jsessionid=1",
        "/%61dmin",
        "/admin/",
        "/ADMIN",
        "/public/%2e%2e/admin",
        "/public/%2e%2e%2fadmin",
        "/public%2f..%2fadmin",
        "/./admin",
        "/gatehouse/../admin",
        "/gatehouse/%2e%2e/admin",
        "/gatehouse/..%2fadmin",
        "/gatehouse/login/../../admin",
        "/public/..\\admin",
      })
  void noSpellingOpensWhatARuleProtects(String target) {
    for (Browser browser : List.of(nginx.browser(), alice())) {
      Optional<Reply> reply = open(browser, target);
      assertThat(reply.map(Reply::status).orElse(400)).isIn(302, 400, 403, 404, 500);
      assertAppUnreached();
    }
    assertThat(open(root(), "/admin").filter(App::made)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a/b.c~d-e_f", "/with%20space", "/%E5%B1%B1%E7%94%B0", "/q?a=%2F&b&&c=+&d=%C3%A9",
        "/q?a=/../x//y", "/trailing/", "/%61b", "/a:b@c",
      })
  @Rule("TH-PATH-1")
  void honestTargetReachesTheAppAsItIs(String target) {
    assertThat(open(alice(), target).filter(App::made)).as(nginx.output()).isPresent();

    assertThat(scene.app().only().target()).isEqualTo(target);
  }

  @ParameterizedTest
  @Rule("TH-HTTP-8")
  @ValueSource(
      strings = {
        "/gatehouse/auth", "/gatehouse/auth/", "/gatehouse/auth?x", "/gatehouse//auth",
        "/gatehouse/%61uth", "/gatehouse/./auth", "/x/../gatehouse/auth", "/gatehouse-question",
        "/%67atehouse-question", "//gatehouse-question",
      })
  void questionIsNotForClients(String target) {
    Browser browser = alice();

    for (String trick : List.of("", "X-Original-URI: /x\r\nX-Original-Method: GET\r\n")) {
      Optional<Reply> reply =
          browser.raw(
              "GET "
                  + target
                  + " HTTP/1.1\r\nHost: app.example\r\n"
                  + trick
                  + "Cookie: "
                  + browser.cookieField()
                  + "\r\nConnection: close\r\n\r\n");
      assertThat(reply.map(Reply::status).orElse(400)).isIn(400, 403, 404, 500);
      assertThat(reply.map(r -> r.header("X-Gatehouse-User"))).isEmpty();
    }
    assertAppUnreached();
  }

  @Test
  @Rule("TH-SES-10")
  void answersForAUserAreKeptByNoCache() {
    Ask ask = Ask.get("/x?header=Cache-Control:+public,+max-age=60");

    Reply known = alice().send(ask);
    assertThat(App.made(known)).isTrue();
    assertThat(known.headers("Cache-Control")).containsExactly("private, no-store");
    assertThat(known.header("Referrer-Policy")).isEqualTo("strict-origin-when-cross-origin");
  }

  @Test
  @Rule("TH-HTTP-11")
  void webSocketFromAnotherSiteIsRefused() {
    Browser browser = alice();
    Ask upgrade =
        Ask.get("/chat")
            .kind(Ask.Kind.WEBSOCKET)
            .header("Upgrade", "websocket")
            .header("Connection", "Upgrade");

    assertThat(browser.send(upgrade.header("Origin", "https://evil.example")).status())
        .isEqualTo(403);
    assertAppUnreached();
    assertThat(App.made(browser.send(upgrade.header("Origin", "https://app.example")))).isTrue();
  }

  @Test
  void gatewayThatIsDownLetsNobodyPass() {
    Browser browser = alice();
    nginx.close();
    Path other = directory.resolve("down");
    assertThat(other.toFile().mkdir()).isTrue();
    try (Nginx alone = Nginx.start(other, upstream.port() == 1 ? 2 : 1, upstream.port())) {
      assertThat(alone.browser().get("/public/x").status()).isEqualTo(500);
      assertAppUnreached();
    }
    assertThat(browser.cookies()).isNotEmpty();
  }

  @Test
  @Rule("TH-SES-8")
  void sealedSessionOfSeveralCookiesIsRenewedWhole() {
    String large = "g".repeat(500);
    Plan plan = Plan.honest().claim("groups", List.of(large + 1, large + 2));
    try (Scene sealed = Scene.open(door, SETTINGS + "session: {store: cookie}\n")) {
      Path other = directory.resolve("sealed");
      assertThat(other.toFile().mkdir()).isTrue();
      try (WireApp app = new WireApp(sealed.app());
          Nginx before = Nginx.start(other, sealed.port(), app.port())) {
        Browser browser = before.browser();
        sealed.login(browser, "/x").plan(plan).complete();
        Map<String, String> first = browser.cookies();
        assertThat(first.keySet().stream().filter(name -> name.startsWith(Scene.SESSION_COOKIE)))
            .hasSizeGreaterThan(1);
        for (int i = 0; i < 3; i++) {
          sealed.clock().pass(Duration.ofMinutes(20));
          assertThat(App.made(browser.get("/x"))).as(before.output()).isTrue();
          browser.cookies().values().forEach(KnownSecrets::browserSecret);
        }
        assertThat(browser.cookies()).isNotEqualTo(first);
      }
    }
  }
}
