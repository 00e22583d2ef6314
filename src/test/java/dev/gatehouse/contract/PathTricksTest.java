package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.report.LeakJson;
import dev.gatehouse.report.LeakRow;
import dev.gatehouse.report.LeakSummary;
import dev.gatehouse.report.RouteLeaks;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.KnownSecrets;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.StubOp;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue TH-PATH: what was judged is what the app gets, and nothing is ambiguous. */
@OverHttp2
class PathTricksTest extends ContractTest {
  private Browser root;

  @Override
  protected String configuration() {
    return """
    rules:
      - {path: /public/**, access: anonymous}
      - {path: /admin, access: login, require: {groups: admins}}
      - {path: /admin/**, access: login, require: {groups: admins}}
      - {path: /legacy/**, access: login, path-parameters: forward}
      - {path: /legacy/admin, access: login, require: {groups: admins}, path-parameters: forward}
    """;
  }

  @BeforeParameterizedClassInvocation
  void signRootIn() {
    root = scene.signedIn(Plan.honest().user(StubOp.ROOT));
  }

  @BeforeEach
  void watchHisCookies() {
    root.cookies().values().forEach(KnownSecrets::browserSecret);
  }

  static Stream<Arguments> attacks() {
    return AttackList.columnsOf("path-tricks.txt").stream()
        .map(columns -> Arguments.of(columns.toArray()));
  }

  private Optional<Reply> open(Browser browser, String path) {
    scene.app().forget();
    String cookies = browser.cookieField();
    return browser.raw(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: app.example\r\nAccept: text/html\r\n"
            + (cookies.isEmpty() ? "" : "Cookie: " + cookies + "\r\n")
            + "Connection: close\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("attacks")
  @Rule("TH-PATH-2")
  @Rule("TH-PATH-3")
  @Rule("TH-PATH-4")
  @Rule("TH-PATH-5")
  @Rule("TH-PATH-9")
  void ambiguousPathIsRefusedAndNotRepaired(String reason, String attack, String mended) {
    for (Browser browser : new Browser[] {root, scene.browser()}) {
      Optional<Reply> reply = open(browser, attack);
      if (onePath(attack)) {
        assertThat(reply.map(Reply::status).orElse(400)).isIn(400, 404, 414, 505);
        assertAppUnreached();
      }
    }
    assertReaches(mended.strip());
  }

  /** A question mark or white space ends a path: what was asked for is what stands before it. */
  private static boolean onePath(String target) {
    return target.chars().noneMatch(c -> c == '?' || Character.isWhitespace(c))
        && !target.startsWith("http://");
  }

  /** A container may refuse more than the gate does. */
  private void assertReaches(String path) {
    if (!path.startsWith("/")) {
      return;
    }
    Optional<Reply> reply = open(root, path);
    boolean made = reply.filter(App::made).isPresent();
    if (door.proxy()) {
      assertThat(made).as("%s", reply).isTrue();
    } else {
      assertThat(made || reply.map(Reply::status).orElse(400) == 400).as("%s", reply).isTrue();
    }
  }

  @ParameterizedTest
  @Rule("TH-PATH-1")
  @Rule("TH-PATH-10")
  @Rule("TH-PATH-4")
  @ValueSource(
      strings = {"/admin", "/%61dmin", "/%61%64min", "/admin;jsessionid=1", "/admin/", "/admin/x"})
  void everySpellingOfTheProtectedPathIsJudgedAlike(String path) {
    Browser alice = scene.signedIn();

    assertThat(open(alice, path).orElseThrow().status()).as(path).isEqualTo(403);
    assertAppUnreached();
    assertThat(open(scene.browser(), path).orElseThrow().status()).isEqualTo(302);
    assertAppUnreached();
    assertThat(App.made(open(root, path).orElseThrow())).isTrue();
  }

  @ParameterizedTest
  @Rule("TH-PATH-6")
  @Rule("TH-PATH-7")
  @ValueSource(
      strings = {"/ADMIN", "/admin.", "/admin%20", "/admin.json", "/publicity", "/Public/x"})
  void likenessOpensNothing(String path) {
    Optional<Reply> reply = open(scene.browser(), path);

    assertThat(reply.map(Reply::status).orElse(400)).isIn(302, 400);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-PATH-4")
  void sessionIdOfAnOldAppIsTakenOutOfThePath() {
    open(root, "/x/y;jsessionid=ABC123?q=1");

    if (door.proxy()) {
      assertThat(scene.app().only().target()).isEqualTo("/x/y?q=1");
    } else {
      assertThat(scene.app().only().path()).startsWith("/x/y");
    }
  }

  @ParameterizedTest
  @Rule("TH-PATH-4")
  @ValueSource(strings = {"/legacy/y;jsessionid=ABC123", "/legacy/;x", "/legacy/y;x=1"})
  void sessionIdGoesOnWhereTheRuleForwardsIt(String path) {
    Optional<Reply> reply = open(root, path + "?q=1");

    if (!path.contains(";jsessionid=")) {
      assertThat(reply.map(Reply::status).orElse(400)).isEqualTo(400);
      assertAppUnreached();
    } else if (door.proxy()) {
      assertThat(scene.app().only().target()).isEqualTo(path + "?q=1");
    } else {
      assertThat(scene.app().only().path()).startsWith("/legacy/y");
    }
  }

  /** Whoever sees the URL has the app's session: that is told, and never refused. */
  @Test
  @Rule("TH-PATH-4")
  void sessionIdInAnUrlIsCountedAndNotTold() {
    String id = "F00DFACE" + door.ordinal();
    assertThat(App.made(open(root, "/admin/counted").orElseThrow())).isTrue();
    assertThat(App.made(open(root, "/admin/counted;jsessionid=" + id).orElseThrow())).isTrue();

    LeakSummary leaks = scene.gate().leaks();
    LeakRow row =
        leaks.rows().stream()
            .filter(each -> each.route().equals("/admin/**"))
            .filter(each -> each.name().equals(Leak.SESSION_ID))
            .findFirst()
            .orElseThrow();
    assertThat(row.place()).contains(Leak.Place.PATH);
    assertThat(row.count(door.proxy() ? Leak.Outcome.STRIPPED : Leak.Outcome.REPORTED))
        .isPositive();
    assertThat(leaks.routeOf(row).orElseThrow().verdict()).isNotEqualTo(RouteLeaks.Verdict.BREAKS);
    assertThat(LeakJson.of(leaks)).contains(Leak.SESSION_ID).doesNotContain(id);
  }

  @Test
  @Rule("TH-PATH-4")
  void forwardedSessionIdIsNotJudged() {
    Browser alice = scene.signedIn();

    assertThat(open(alice, "/legacy/admin;jsessionid=1").orElseThrow().status()).isEqualTo(403);
    assertAppUnreached();
    assertThat(App.made(open(root, "/legacy/admin;jsessionid=1").orElseThrow())).isTrue();
  }

  @ParameterizedTest
  @Rule("TH-PATH-1")
  @ValueSource(
      strings = {
        "/a/b.c~d-e_f",
        "/with%20space",
        "/%E5%B1%B1%E7%94%B0",
        "/q?a=%2F&b&&c=+&d=%C3%A9&e=a/b?c&f=(x)'!*",
        "/q?a=%zz",
        "/q?",
        "/trailing/",
      })
  void honestTargetReachesTheAppAsItIs(String target) {
    Optional<Reply> reply = open(root, target);

    assertThat(reply).hasValueSatisfying(r -> assertThat(App.made(r)).as("%s", r).isTrue());
    String query = target.contains("?") ? target.split("\\?", 2)[1] : null;
    String[] seen = scene.app().only().target().split("\\?", 2);
    assertThat(seen[0]).isEqualTo(target.split("\\?", 2)[0]);
    if (query != null && !query.isEmpty()) {
      assertThat(seen[1]).isEqualTo(query);
    }
  }
}
