package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code oidcc-client-refreshtoken-test-plan}. */
class RefreshTokenRpTest extends ConformanceTest {
  private static final long LIFE = 300;

  /** A session whose tokens are about to be renewed, with that ID token. */
  private Browser dueForRefresh(TokenRecipe renewed) {
    Browser browser =
        assertAccepted(Plan.honest().idToken(idToken()).refreshable(LIFE).refreshedIdToken(renewed))
            .browser();
    scene.op().forgetCalls();
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));
    return browser;
  }

  private void assertEnds(TokenRecipe renewed) {
    Browser browser = dueForRefresh(renewed);
    scene.app().forget();

    Reply reply = browser.get("/x");

    assertSentToOp(reply);
    assertAppUnreached();
    assertNoSession(browser);
    assertThat(scene.op().calls("token").get(0).form("grant_type")).isEqualTo("refresh_token");
  }

  @Test
  @DisplayName("oidcc-client-test-refresh-token")
  @Rule("TH-TOK-12")
  @Rule("TH-TOK-16")
  void tokensAreRenewedAndUsed() {
    Browser browser = dueForRefresh(idToken().claim("nonce", null));

    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");

    assertThat(onlyCall("token").form("grant_type")).isEqualTo("refresh_token");
    assertSession(browser, "alice-1");
  }

  @Test
  @DisplayName("oidcc-client-test-refresh-token-invalid-issuer")
  @Rule("TH-IDT-17")
  void renewedByAnotherIssuer() {
    assertEnds(idToken().claim("iss", scene.op().issuer() + "/1"));
  }

  @Test
  @DisplayName("oidcc-client-test-refresh-token-invalid-sub")
  @Rule("TH-IDT-17")
  void renewedForAnotherUser() {
    assertEnds(idToken().claim("sub", "alice-11"));
  }

  @Test
  @DisplayName("OpenID Connect Core 12.2: aud of the renewed ID token")
  @Rule("TH-IDT-17")
  void renewedForAnotherClient() {
    assertEnds(idToken().claim("aud", "another"));
  }
}
