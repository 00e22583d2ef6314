package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.StubOp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who reaches which path: design page §4, threat catalogue TH-CFG-15, TH-PATH-7 and -8. */
@OverHttp2
class AccessRulesTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
    rules:
      - {path: /public/**, access: anonymous}
      - {path: /public/private/**, access: login}
      - {path: /optional/**, access: optional}
      - {path: /denied/**, access: deny}
      - {path: /admin/**, access: login, require: {groups: admins}}
      - {path: /ledger/**, access: login, require: {org.department: ledger}}
      - {path: /mixed, methods: [GET], access: anonymous}
      - {path: /mixed, access: deny}
      - {path: /exact, access: anonymous}
      - {path: "/one/*/open", access: anonymous}
    """;
  }

  @ParameterizedTest
  @Rule("TH-CFG-15")
  @Rule("TH-PATH-7")
  @Rule("TH-PATH-8")
  @CsvSource({
    "GET, /public/x, app",
    "POST, /public/x, app",
    "GET, /public/private/x, op",
    "GET, /publicity, op",
    "GET, /Public/x, op",
    "GET, /optional/x, app",
    "GET, /denied/x, 403",
    "GET, /admin/x, op",
    "GET, /mixed, app",
    "HEAD, /mixed, app",
    "POST, /mixed, 403",
    "GET, /exact, app",
    "GET, /exact/x, op",
    "GET, /one/two/open, app",
    "GET, /one/two/three/open, op",
    "GET, /never/heard/of, op",
    "GET, /, op",
    "POST, /never/heard/of, 401",
    "JEFF, /never/heard/of, 401",
    "JEFF, /mixed, 403",
  })
  void strangerGetsWhatTheMostSpecificRuleSays(String method, String path, String expected) {
    Reply reply = scene.browser().send(Ask.of(method, path));

    switch (expected) {
      case "app" -> {
        assertThat(App.made(reply)).as("%s", reply).isTrue();
        assertThat(scene.app().only().method()).isEqualTo(method);
      }
      case "op" -> assertSentToOp(reply);
      default -> assertThat(reply.status()).as("%s", reply).isEqualTo(Integer.parseInt(expected));
    }
    if (!expected.equals("app")) {
      assertAppUnreached();
    }
  }

  @Test
  void optionalPathTellsTheUserWhereThereIsOne() {
    assertThat(scene.userSeen(scene.browser(), "/optional/x")).isNull();
    assertThat(scene.userSeen(scene.signedIn(), "/optional/x")).isEqualTo("alice-1");
  }

  @Test
  @Rule("TH-HDR-1")
  void anonymousPathNeverTellsTheUser() {
    assertThat(scene.userSeen(scene.signedIn(), "/public/x")).isNull();
  }

  @Test
  void deniedPathIsClosedToEverybody() {
    Browser root = scene.signedIn(Plan.honest().user(StubOp.ROOT));
    scene.app().forget();

    assertRefused(root.get("/denied/x"), 403);
    assertAppUnreached();
  }

  @Test
  void requiredClaimOpensToThoseWhoHaveItAndToNobodyElse() {
    Browser alice = scene.signedIn();
    scene.app().forget();

    assertRefused(alice.get("/admin/x"), 403);
    assertAppUnreached();

    Browser root = scene.signedIn(Plan.honest().user(StubOp.ROOT));
    assertThat(scene.userSeen(root, "/admin/x")).isEqualTo("root-0");
  }

  @Test
  void requiredClaimNeedNotBeOneThatTheAppIsTold() {
    Plan clerk = Plan.honest().claim("org", Map.of("department", "ledger"));
    assertThat(scene.userSeen(scene.signedIn(clerk), "/ledger/x")).isEqualTo("alice-1");
    scene.app().forget();

    Plan guest = Plan.honest().claim("org", Map.of("department", "yard"));
    assertRefused(scene.signedIn(guest).get("/ledger/x"), 403);
    assertAppUnreached();
  }

  @ParameterizedTest
  @Rule("TH-HDR-9")
  @ValueSource(
      strings = {"x,admins", "admins,x", "Admins", "admins ", "administrators", "%61dmins"})
  void groupThatLooksLikeTheRequiredOneIsNot(String group) {
    Browser browser = scene.signedIn(Plan.honest().claim("groups", List.of(group)));
    scene.app().forget();

    assertThat(browser.get("/admin/x").status()).isEqualTo(403);
    assertAppUnreached();
  }

  @ParameterizedTest
  @Rule("TH-HTTP-10")
  @ValueSource(strings = {"TRACE", "TRACK", "CONNECT"})
  void methodThatNoAppNeedsIsNotAllowed(String method) {
    Browser user = scene.signedIn();
    scene.app().forget();

    String request =
        method
            + " /public/x HTTP/1.1\r\nHost: app.example\r\nCookie: "
            + user.cookieField()
            + "\r\nConnection: close\r\n\r\n";
    Optional<Reply> reply = user.raw(request);
    if (door.overHttp2() && method.equals("CONNECT")) {
      assertThat(reply).as("malformed (RFC 9113 §8.5)").isEmpty();
    } else {
      assertThat(reply.orElseThrow().status()).isIn(400, 405, 501);
    }
    assertAppUnreached();
  }

  @Test
  @Rule("TH-HTTP-9")
  void methodOverrideFieldsDoNotReachTheApp() {
    Browser user = scene.signedIn();
    for (String name : List.of("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method")) {
      scene.app().forget();
      Reply reply = user.send(Ask.of("POST", "/x").site("same-origin").header(name, "DELETE"));
      assertThat(App.made(reply)).isTrue();
      assertThat(scene.app().only().headers(name)).isEmpty();
    }
  }
}
