package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Threat catalogue §8: what is shaped like a token counts as one where the operator says so. */
@OverHttp2
class TokenShapedBodyTest extends ContractTest {
  private static final String JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";
  private static final String NO_JWT = "eyJhbGciOiJFUzI1NiJ9-eyJzdWIiOiJhIn0-c2ln";

  @Override
  protected String configuration() {
    return "token-hygiene: {jwt-values: as-token}";
  }

  private static Ask form(String body) {
    return Ask.of("POST", "/public/x")
        .site("same-origin")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body);
  }

  private static Ask part(String disposition, String content) {
    return Ask.of("POST", "/public/x")
        .site("same-origin")
        .header("Content-Type", "multipart/form-data; boundary=XX")
        .body(
            "--XX\r\nContent-Disposition: form-data; "
                + disposition
                + "\r\n\r\n"
                + content
                + "\r\n--XX--\r\n");
  }

  private void assertRefusedAndTwinPasses(Browser browser, Ask harmless, Ask attack) {
    assertThat(App.made(browser.send(harmless))).isTrue();
    scene.app().forget();
    assertRefused(browser.send(attack), 400);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-LEAK-9")
  void jwtUnderAnyNameIsRefused() {
    Browser browser = scene.browser();
    assertRefusedAndTwinPasses(browser, form("t=" + NO_JWT), form("t=" + JWT));
    assertRefusedAndTwinPasses(browser, form(NO_JWT), form(JWT));
    assertRefusedAndTwinPasses(
        browser, form("t=" + NO_JWT.replace("-", "%2D")), form("t=" + JWT.replace(".", "%2E")));
    assertRefusedAndTwinPasses(browser, part("name=\"t\"", NO_JWT), part("name=\"t\"", JWT));
  }

  @Test
  @Rule("TH-LEAK-9")
  void contentOfAFileIsNoValue() {
    Ask file = part("name=\"t\"; filename=\"token.txt\"", JWT);
    assertThat(App.made(scene.browser().send(file))).isTrue();
  }

  @Test
  @Rule("TH-LEAK-9")
  void sessionOfTheVeryBrowserIsRefused() {
    Browser user = scene.signedIn();
    String session = user.cookies().get(Scene.SESSION_COOKIE);
    assertRefusedAndTwinPasses(user, form("t=x" + session), form("t=" + session));
    assertRefusedAndTwinPasses(
        user, part("name=\"t\"", "x" + session), part("name=\"t\"", session));
  }

  @Test
  @Rule("TH-LEAK-9")
  @Rule("TH-LEAK-13")
  void answerThatLeadsToAJwtIsRefused() {
    scene.app().tell(302, List.of(new HeaderField("Location", "/cb?t=" + NO_JWT)), "moved");
    assertThat(scene.browser().get("/public/x").status()).isEqualTo(302);
    scene.app().tell(302, List.of(new HeaderField("Location", "/cb#t=" + JWT)), "moved");
    Reply refused = scene.browser().get("/public/x");
    assertRefused(refused, 502);
    assertThat(refused.whole()).doesNotContain(JWT);
  }
}
