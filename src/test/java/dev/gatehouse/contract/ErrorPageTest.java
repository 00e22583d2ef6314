package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Json;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a refused request gets to see: design page §4. */
@OverHttp2
class ErrorPageTest extends ContractTest {
  @Test
  @Rule("TH-SEC-10")
  void browserGetsAPageWithAnIncidentIdThatTheLogKnows() {
    Reply reply = scene.signedIn().get("/denied/xyzzy");

    assertRefused(reply, 403);
    assertThat(reply.header("Content-Type").replace(" ", "")).isEqualTo("text/html;charset=utf-8");
    assertThat(reply.text()).contains("<html lang=\"en\"").doesNotContain("xyzzy");
    String incident = incident(reply);
    assertThat(LeakWatch.lines()).anyMatch(line -> line.contains(incident));
  }

  private static String incident(Reply reply) {
    var id = java.util.regex.Pattern.compile("<code[^>]*>([^<]+)</code>").matcher(reply.text());
    assertThat(id.find()).as("an incident id in %s", reply).isTrue();
    return id.group(1);
  }

  @Test
  void scriptGetsAProblemDocument() {
    Browser browser = scene.signedIn();
    for (String accept : List.of("application/json", "application/problem+json", "*/*")) {
      Ask ask =
          Ask.get("/denied/xyzzy").kind(Ask.Kind.XHR).site("same-origin").header("Accept", accept);
      Reply reply = browser.send(ask);

      assertRefused(reply, 403);
      assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
      assertThat(Json.object(reply.body())).containsEntry("status", 403).containsKey("title");
      assertThat(reply.text()).doesNotContain("xyzzy");
    }
  }

  @ParameterizedTest
  @CsvSource({"ko, ko", "'ja,en;q=0.5', ja", "'de,ko;q=0.4', ko", "de, en"})
  void pageSpeaksTheBestLanguageAskedFor(String asked, String spoken) {
    Reply reply = scene.signedIn().send(Ask.get("/denied/x").header("Accept-Language", asked));

    assertThat(reply.text()).contains("<html lang=\"" + spoken + "\"");
  }

  @Test
  void refusalOfAHeadRequestHasNoBody() {
    assertThat(scene.signedIn().send(Ask.of("HEAD", "/denied/x")).status()).isEqualTo(403);
  }

  @Test
  @Rule("TH-DOS-8")
  void largeCookieIsRefusedAndOthersAreFine() {
    Browser user = scene.signedIn();
    Ask ask = Ask.get("/x").header("Cookie", "junk=" + "x".repeat(40 * 1024));

    assertThat(user.send(ask).status()).isIn(400, 413, 431);
    assertThat(scene.userSeen(user, "/x")).isEqualTo("alice-1");
  }

  @Test
  @Rule("TH-DOS-9")
  void aHundredAndFiftyJunkCookiesDoNotStopALogin() {
    Browser browser = scene.browser();
    for (int i = 0; i < 150; i++) {
      browser.cookie("junk" + i, "x".repeat(20));
    }
    scene.login(browser, "/x").complete();

    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
  }
}
