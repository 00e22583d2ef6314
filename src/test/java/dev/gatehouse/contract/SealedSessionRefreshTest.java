package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Threat catalogue §5 and §7: refreshed tokens of sessions that are sealed into the cookie. */
class SealedSessionRefreshTest extends ContractTest {
  private static final long LIFE = 300;

  @Override
  protected String configuration() {
    return """
        session: {store: cookie}
        rules:
          - {path: /admin/**, access: login, require: {groups: admins}}
        """;
  }

  @Test
  @Rule("TH-TOK-12")
  void theBrowserGetsTheNewTokensWithEveryKindOfAnswer() {
    for (String path : new String[] {"/x", "/admin/x"}) {
      Browser browser = scene.signedIn(Plan.honest().refreshable(LIFE));
      String before = browser.cookies().get(Scene.SESSION_COOKIE);
      scene.clock().pass(Duration.ofSeconds(LIFE - 10));

      Reply reply = browser.get(path);

      assertThat(reply.status()).as("%s", reply).isEqualTo(path.equals("/x") ? 200 : 403);
      assertThat(browser.cookies().get(Scene.SESSION_COOKIE)).as(path).isNotEqualTo(before);
      assertSession(browser, "alice-1");
    }
  }

  @Test
  @Rule("TH-TOK-12")
  void aCookieFromBeforeTheRefreshDoesNotSendTheUsedTokenAgain() {
    Browser browser = scene.signedIn(Plan.honest().refreshable(LIFE));
    String before = browser.cookies().get(Scene.SESSION_COOKIE);
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
    scene.op().forgetCalls();

    Browser otherTab = scene.browser().cookie(Scene.SESSION_COOKIE, before);

    assertThat(scene.userSeen(otherTab, "/x")).isEqualTo("alice-1");
    assertThat(scene.op().calls("token")).isEmpty();
  }

  @Test
  @Rule("TH-QUIRK-9")
  @Rule("TH-SES-12")
  void aSessionWhoseLifetimeTheOpDidNotNameIsReadToo() {
    Browser browser =
        scene.signedIn(
            Plan.honest().refreshable(LIFE).token(Fault.none().member("expires_in", null)));

    assertSession(browser, "alice-1");
  }
}
