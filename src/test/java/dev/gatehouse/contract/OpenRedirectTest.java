package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §11: a login or logout leads nowhere but to our own pages. */
class OpenRedirectTest extends ContractTest {
  static List<String> attacks() {
    return AttackList.of("open-redirects.txt");
  }

  @ParameterizedTest
  @MethodSource("attacks")
  @Rule("TH-REDIR-2")
  @Rule("TH-REDIR-3")
  @Rule("TH-REDIR-5")
  void loginWithAForgedTargetEndsAtTheStartPage(String target) {
    assertThat(scene.login(scene.browser(), "/gatehouse/login?rd=/ok").comeBack().location())
        .isEqualTo("/ok#");
    assertEndsAtStart("/gatehouse/login?rd=" + Query.encode(target));
    assertEndsAtStart("/gatehouse/login?rd=" + target);
  }

  private void assertEndsAtStart(String login) {
    Browser browser = scene.browser();
    Optional<Reply> start =
        browser.raw(
            "GET "
                + login
                + " HTTP/1.1\r\nHost: app.example\r\nAccept: text/html\r\n"
                + "Connection: close\r\n\r\n");
    if (start.isEmpty() || start.get().status() != 302) {
      assertThat(start.map(Reply::status).orElse(400)).as(login).isIn(400, 505);
      return;
    }
    start.get().cookies().forEach(cookie -> browser.cookie(cookie.name(), cookie.value()));
    Reply atOp = browser.send(Ask.get(start.get().location()));
    Reply back = browser.send(Ask.get(atOp.location()).site("cross-site"));
    assertThat(back.status()).as(login).isEqualTo(303);
    assertThat(back.headers("Location")).as(login).containsExactly("/#");
    assertThat(back.header("X")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ok", "/deep/er?x=1&y=%2F%2Fe.test", "/x?rd=//e.test", "/%E5%B1%B1"})
  void loginWithAGoodTargetEndsThere(String target) {
    Browser browser = scene.browser();
    String login = "/gatehouse/login?rd=" + Query.encode(target);

    assertThat(scene.login(browser, login).comeBack().location()).isEqualTo(target + "#");
  }

  @Test
  @Rule("TH-REDIR-2")
  void twoTargetsAreNone() {
    Browser browser = scene.browser();

    assertThat(scene.login(browser, "/gatehouse/login?rd=/ok&rd=//e.test").comeBack().location())
        .isEqualTo("/#");
    assertThat(
            scene.login(browser, "/gatehouse/login?rd=/" + "a".repeat(5000)).comeBack().location())
        .isEqualTo("/#");
  }

  @Test
  @Rule("TH-REDIR-1")
  void parameterOfThePageItselfIsNoTarget() {
    assertThat(scene.login(scene.browser(), "/x?rd=//e.test").comeBack().location())
        .isEqualTo("/x?rd=//e.test#");
  }

  @ParameterizedTest
  @Rule("TH-REDIR-1")
  @Rule("TH-PATH-5")
  @ValueSource(strings = {"//e.test/x", "///e.test", "/%2Fe.test", "/.//e.test", "/\\e.test"})
  void interceptedPathThatIsAnAttackIsRefused(String target) {
    Optional<Reply> reply =
        scene
            .browser()
            .raw(
                "GET "
                    + target
                    + " HTTP/1.1\r\nHost: app.example\r\nAccept: text/html\r\n"
                    + "Connection: close\r\n\r\n");

    assertThat(reply.map(Reply::status).orElse(400)).isEqualTo(400);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  @Rule("TH-REDIR-6")
  void logoutWithAForgedTargetLeadsToOurOwnPages(String target) {
    assertThat(scene.browser().get("/gatehouse/logout?rd=/ok").location()).isEqualTo("/ok");

    Reply reply = scene.browser().get("/gatehouse/logout?rd=" + Query.encode(target));

    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.headers("Location"))
        .hasSize(1)
        .first()
        .asString()
        .isIn("/", "/gatehouse/logged-out");
  }

  @Test
  @Rule("TH-REDIR-6")
  void logoutWithAGoodTargetLeadsThere() {
    Reply reply = scene.browser().get("/gatehouse/logout?rd=/public/bye");

    assertThat(reply.location()).isEqualTo("/public/bye");
    assertThat(App.made(scene.browser().get(reply.location()))).isTrue();
  }

  @Test
  @Rule("TH-REDIR-4")
  void lineBreakInATargetMakesNoFieldLine() {
    Reply start = scene.browser().get("/gatehouse/login?rd=/x%0d%0aSet-Cookie:evil=1");

    assertThat(start.headers("Set-Cookie")).noneMatch(c -> c.startsWith("evil"));
    assertThat(start.headers("Location")).hasSizeLessThanOrEqualTo(1);
  }
}
