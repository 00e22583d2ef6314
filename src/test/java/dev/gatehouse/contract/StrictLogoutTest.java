package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §15 where it is strict, and shy of telling the OP's URL who somebody is. */
class StrictLogoutTest extends ContractTest {
  @Override
  protected String configuration() {
    return "{strict: true, logout: {withhold-id-token: true}}";
  }

  @Override
  protected void provider(StubOp op) {
    op.promiseIssuer();
  }

  private Reply tell(TokenRecipe recipe, String sid) {
    String token = scene.op().logoutToken(recipe, Map.of("sid", sid));
    return scene
        .browser()
        .send(
            Ask.form("/gatehouse/backchannel-logout", Map.of("logout_token", token))
                .kind(Ask.Kind.XHR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "JWT", "application/jwt"})
  @Rule("TH-OUT-5")
  void aLogoutTokenHasToSayThatItIsOne(String type) {
    Browser browser = scene.signedIn(Plan.honest().claim("sid", "sid-" + type));
    TokenRecipe recipe = TokenRecipe.correct().header("typ", type.isEmpty() ? null : type);

    assertThat(tell(recipe, "sid-" + type).status()).isEqualTo(400);
    assertSession(browser, "alice-1");
    TokenRecipe typed = TokenRecipe.correct().header("typ", "logout+jwt");
    assertThat(tell(typed, "sid-" + type).status()).isEqualTo(200);
    assertNoSession(browser);
  }

  @Test
  @Rule("TH-OUT-3")
  void theIdTokenStaysOutOfTheOpsUrl() {
    Browser browser = scene.signedIn();

    Reply left = browser.send(Form.in(browser.get("/gatehouse/logout")).submission());

    assertThat(left.locationQuery()).doesNotContainKey("id_token_hint");
    assertThat(left.locationQuery().get("logout_hint")).containsExactly("alice-1");
    assertThat(left.locationQuery().get("client_id")).containsExactly(StubOp.CLIENT_ID);
  }
}
