package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules for one of several hosts, and an app that does not tell letter case apart. */
@OverHttp2
class RuleHostsTest extends ContractTest {
  private static final String OTHER_URL = "https://other.example";

  @Override
  protected String configuration() {
    return """
    hosts: {other.example: provider}
    app: {case-insensitive: true}
    rules:
      - {path: /shop/**, hosts: [other.example], access: anonymous}
      - {path: /desk/**, access: anonymous}
      - {path: /desk/**, hosts: [other.example], access: deny}
      - {path: /desk/safe, access: login}
    """;
  }

  @ParameterizedTest
  @CsvSource({
    "/shop/x, op, app",
    "/desk/x, app, 403",
    "/desk/safe, op, op",
    "/x, op, op",
    "/SHOP/X, op, app",
    "/Desk/x, app, 403",
    "/DESK/SAFE, op, op",
  })
  void ruleForAHostHoldsThereAndNowhereElse(String path, String here, String there) {
    assertAnswer(scene.browser(), path, here);
    assertAnswer(scene.browserAt(OTHER_URL), path, there);
  }

  private void assertAnswer(Browser browser, String path, String expected) {
    scene.app().forget();
    Reply reply = browser.get(path);
    switch (expected) {
      case "app" -> assertThat(App.made(reply)).as("%s %s", path, reply).isTrue();
      case "op" -> assertSentToOp(reply);
      default -> assertThat(reply.status()).isEqualTo(Integer.parseInt(expected));
    }
    if (!expected.equals("app")) {
      assertAppUnreached();
    }
  }

  /** Whoever names another host gets what that host has, and no session of this one. */
  @Test
  void hostOfTheRuleIsTheOneThatIsServed() {
    Ask shop = Ask.get("/shop/x");
    assertThat(App.made(scene.browserAt(OTHER_URL).send(shop))).isTrue();
    scene.app().forget();

    assertSentToOp(scene.browser().send(shop.header("X-Forwarded-Host", "other.example")));
    assertThat(scene.browser().send(shop.header("Host", "evil.example")).status()).isEqualTo(421);
    assertAppUnreached();
  }

  @ParameterizedTest
  @Rule("TH-PATH-6")
  @ValueSource(
      strings = {
        "/desk/safe/",
        "/desk/safe.",
        "/desk/safe%20",
        "/desk/safe.json",
        "/desk/SAFE.HTML",
        "/Desk/Safe/",
        "/DESK/safe;jsessionid=1"
      })
  void otherSpellingOfAProtectedPathIsNeverOpen(String path) {
    assertThat(App.made(scene.browser().get("/desk/safely"))).isTrue();
    scene.app().forget();

    assertThat(scene.browser().get(path).status()).isIn(302, 400);
    assertAppUnreached();
  }
}
