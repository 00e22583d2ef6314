package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tokens that come without a login, of two OPs: each counts as what its own OP has signed. */
class ProvidersByIssuerTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        default-provider: staff
        bearer: {audience: https://api.example}
        rules:
          - {path: /api/staff/**, access: bearer, provider: staff}
          - {path: /api/**, access: bearer}
          - {path: /partners/**, access: login, provider: partners}
        """;
  }

  @Override
  protected Scene open(DoorKind kind) {
    return Scene.openWithTwoOps(kind, configuration(), op -> {}, op -> {});
  }

  private static String token(StubOp op, Map<String, Object> claims) {
    return op.accessToken(TokenRecipe.correct().header("typ", "at+jwt"), claims);
  }

  private Reply api(String path, String token) {
    return scene
        .browser()
        .send(Ask.get(path).kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token));
  }

  @Test
  @Rule("TH-BEAR-7")
  void eachOpsTokensCountWhereNoRuleNamesOne() {
    assertThat(App.made(api("/api/x", token(scene.op(), Map.of())))).isTrue();
    assertThat(App.made(api("/api/x", token(scene.otherOp(), Map.of("sub", "p-1"))))).isTrue();
    assertThat(scene.app().seen().get(1).header("X-Gatehouse-User")).isEqualTo("p-1");
  }

  @Test
  void theRuleOfOneOpTakesNoTokenOfTheOther() {
    assertThat(App.made(api("/api/staff/x", token(scene.op(), Map.of())))).isTrue();

    String partner = token(scene.otherOp(), Map.of());
    assertThat(App.made(api("/api/x", partner))).isTrue();
    Reply refused = api("/api/staff/x", partner);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate")).contains("invalid_token");
  }

  @Test
  @Rule("TH-BEAR-5")
  void noOpSignsForTheOther() {
    String forged = token(scene.otherOp(), Map.of("iss", scene.op().issuer()));
    String reversed = token(scene.op(), Map.of("iss", scene.otherOp().issuer()));
    String nobodys = token(scene.op(), Map.of("iss", "https://evil.example"));

    for (String bad : new String[] {forged, reversed, nobodys, "opaque"}) {
      assertThat(api("/api/x", bad).status()).isEqualTo(401);
    }
    assertAppUnreached();
  }

  private Reply tell(String logoutToken) {
    return scene
        .browser()
        .send(
            Ask.form("/gatehouse/backchannel-logout", Map.of("logout_token", logoutToken))
                .kind(Ask.Kind.XHR));
  }

  private static String logoutToken(StubOp op, Map<String, Object> claims) {
    return op.logoutToken(TokenRecipe.correct().header("typ", "logout+jwt"), claims);
  }

  private Browser staff(String sid) {
    return scene.signedIn(Plan.honest().claim("sid", sid));
  }

  private Browser partner(String sid) {
    Browser browser = scene.browser();
    scene.login(browser, "/partners/x").plan(Plan.honest().claim("sid", sid)).complete();
    return browser;
  }

  @Test
  @Rule("TH-OUT-6")
  void theLogoutOfOneOpEndsNothingOfTheOther() {
    Browser staff = staff("sid-1");
    Browser partner = partner("sid-1");

    assertThat(tell(logoutToken(scene.otherOp(), Map.of("sid", "sid-1"))).status()).isEqualTo(200);
    assertNoSession(partner);
    assertSession(staff, "alice-1");

    partner = partner("sid-2");
    assertThat(tell(logoutToken(scene.op(), Map.of("sub", "alice-1"))).status()).isEqualTo(200);
    assertNoSession(staff);
    assertSession(partner, "alice-1");
  }

  @Test
  @Rule("TH-OUT-6")
  void noOpLogsOutTheUsersOfTheOther() {
    Browser staff = staff("sid-3");
    Map<String, Object> forged = Map.of("sid", "sid-3", "iss", scene.op().issuer());

    assertThat(tell(logoutToken(scene.otherOp(), forged)).status()).isEqualTo(400);
    assertThat(
            tell(logoutToken(scene.op(), Map.of("sid", "sid-3", "iss", "https://evil.example")))
                .status())
        .isEqualTo(400);
    assertSession(staff, "alice-1");
    assertThat(tell(logoutToken(scene.op(), Map.of("sid", "sid-3"))).status()).isEqualTo(200);
    assertNoSession(staff);
  }

  @Test
  @Rule("TH-OUT-8")
  void theFrontChannelEndsThePairOfIssuerAndSessionAlone() {
    Browser staff = staff("sid-4");
    Browser partner = partner("sid-4");

    Reply reply = frame(scene.otherOp());

    assertThat(reply.header("Content-Security-Policy"))
        .contains("frame-ancestors " + scene.otherOp().issuer())
        .doesNotContain(scene.op().issuer());
    assertNoSession(partner);
    assertSession(staff, "alice-1");
    frame(scene.op());
    assertNoSession(staff);
  }

  private Reply frame(StubOp op) {
    return scene
        .browser()
        .get("/gatehouse/frontchannel-logout?sid=sid-4&iss=" + Query.encode(op.issuer()));
  }
}
