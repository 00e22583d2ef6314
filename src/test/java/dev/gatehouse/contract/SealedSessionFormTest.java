package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import org.junit.jupiter.api.Test;

/** Sessions sealed into the cookie, where the answer of the OP comes without that cookie. */
@OverHttp2
class SealedSessionFormTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        provider: {response-mode: form_post}
        session: {store: cookie}
        """;
  }

  @Test
  @Rule("TH-SES-12")
  @Rule("TH-STATE-12")
  void aSmallerSessionIsNotReadTogetherWithTheRestOfALargerOne() {
    Browser browser = scene.signedIn(Plan.honest().claim("padding", "p".repeat(3000)));
    assertThat(browser.cookies()).containsKey(Scene.SESSION_COOKIE + ".1");
    Browser before = browser.copy();

    scene.login(browser, "/gatehouse/login?rd=/x").plan(Plan.honest().user(StubOp.BOB)).complete();

    assertSession(browser, "bob-2");
    assertNoSession(before);
  }
}
