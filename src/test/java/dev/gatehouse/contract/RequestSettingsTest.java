package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator asks of every login, and what a link may add. */
@OverHttp2
class RequestSettingsTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        provider:
          prompt: none
          acr-values: [gold, silver]
          max-age: 60s
          ui-locales: [ko, en]
          forwarded-parameters: [login_hint, ui_locales]
          authorization-parameters: {claims_locales: ko}
        """;
  }

  private Plan strong() {
    return Plan.honest().idToken(TokenRecipe.correct().claim("acr", "silver"));
  }

  private LoginAttempt attempt(String target) {
    return scene.login(scene.browser(), target);
  }

  @Test
  @Rule("TH-AUTHZ-14")
  void whatIsConfiguredIsSent() {
    LoginAttempt attempt = attempt("/x");

    assertThat(attempt.request("prompt")).isEqualTo("none");
    assertThat(attempt.request("acr_values")).isEqualTo("gold silver");
    assertThat(attempt.request("max_age")).isEqualTo("60");
    assertThat(attempt.request("ui_locales")).isEqualTo("ko en");
    assertThat(attempt.request("claims_locales")).isEqualTo("ko");
    attempt.plan(strong()).complete();
    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @Rule("TH-IDT-10")
  @Rule("TH-AUTHZ-14")
  void olderAuthenticationThanDemandedMakesNoSession() {
    long now = scene.clock().instant().getEpochSecond();
    for (Object time : new Object[] {now - 600, now - 120, null, "now", -1, now + 3600}) {
      LoginAttempt attempt =
          attempt("/x")
              .plan(
                  Plan.honest()
                      .idToken(
                          TokenRecipe.correct().claim("acr", "gold").claim("auth_time", time)));
      Reply reply = attempt.comeBack();
      assertRefused(reply, 403);
      assertNoSession(attempt.browser());
    }
    long just = scene.clock().instant().getEpochSecond() - 50;
    LoginAttempt recent =
        attempt("/x")
            .plan(
                Plan.honest()
                    .idToken(TokenRecipe.correct().claim("acr", "gold").claim("auth_time", just)));
    recent.complete();
    assertSession(recent.browser(), "alice-1");
  }

  @Test
  @Rule("TH-IDT-10")
  void weakerContextThanDemandedMakesNoSession() {
    for (Object acr : new Object[] {null, "bronze", "GOLD", "gold silver", List.of("gold"), 1}) {
      LoginAttempt attempt =
          attempt("/x").plan(Plan.honest().idToken(TokenRecipe.correct().claim("acr", acr)));
      assertRefused(attempt.comeBack(), 403);
      assertNoSession(attempt.browser());
    }
    // Userinfo is not signed, and says nothing of how the user logged in.
    LoginAttempt byUserinfo =
        attempt("/x")
            .plan(
                Plan.honest()
                    .claim("acr", "gold")
                    .idToken(TokenRecipe.correct().claim("acr", null)));
    assertRefused(byUserinfo.comeBack(), 403);
  }

  @Test
  @Rule("TH-IDT-10")
  void clockOfTheOpThatIsBehindMakesNobodyOlder() {
    scene.clock().stand();
    long behind = scene.clock().instant().getEpochSecond() - 55;
    LoginAttempt attempt =
        attempt("/x")
            .plan(
                Plan.honest()
                    .idToken(
                        TokenRecipe.correct()
                            .claim("acr", "gold")
                            .claim("iat", behind)
                            .claim("auth_time", behind - 20)));
    attempt.complete();
  }

  @Test
  @Rule("TH-CB-16")
  void silentAttemptThatFailsIsFollowedByOneThatAsksTheUser() {
    LoginAttempt silent = attempt("/x").plan(Plan.honest().answer("error", "login_required"));

    Reply again = silent.comeBack();

    assertSentToOp(again);
    assertThat(again.locationQuery()).doesNotContainKey("prompt");
    assertThat(again.locationQuery().get("acr_values")).containsExactly("gold silver");
    assertThat(again.locationQuery().get("max_age")).containsExactly("60");
  }

  @Test
  @Rule("TH-AUTHZ-6")
  void linkMaySetWhatTheOperatorForwards() {
    LoginAttempt attempt =
        attempt(
            "/gatehouse/login?rd=/x&login_hint=" + Query.encode("김 alice+1@x") + "&ui_locales=ja");

    assertThat(attempt.request("login_hint")).isEqualTo("김 alice+1@x");
    assertThat(attempt.request("ui_locales")).isEqualTo("ja");
    attempt.plan(strong());
    assertThat(attempt.comeBack().location()).isEqualTo("/x#");
  }

  @ParameterizedTest
  @Rule("TH-AUTHZ-6")
  @ValueSource(
      strings = {
        "login_hint=a%0d%0ab",
        "login_hint=a%00b",
        "login_hint=",
        "login_hint=a&login_hint=b",
        "ui_locales=ko&ui_locales=%0d%0a",
        "ui_locales=%3Cscript%3E",
        "ui_locales=ko%09en",
        "ui_locales=ko--en",
        "prompt=login&acr_values=bronze&max_age=99999",
        "claims=%7B%7D&resource=https://evil.example&login_hint%5B%5D=x",
      })
  void whatIsNotAsItShouldBeStaysBehind(String query) {
    LoginAttempt plain = attempt("/gatehouse/login?rd=/x");
    LoginAttempt attempt = attempt("/gatehouse/login?rd=/x&" + query);

    assertThat(attempt.request().keySet()).isEqualTo(plain.request().keySet());
    assertThat(attempt.request("ui_locales")).isEqualTo("ko en");
    assertThat(attempt.request("prompt")).isEqualTo("none");
    assertThat(attempt.request("acr_values")).isEqualTo("gold silver");
    assertThat(attempt.request("max_age")).isEqualTo("60");
  }

  @Test
  @Rule("TH-AUTHZ-6")
  void overlongHintStaysBehind() {
    assertThat(attempt("/gatehouse/login?login_hint=" + "a".repeat(256)).request())
        .containsKey("login_hint");
    assertThat(attempt("/gatehouse/login?login_hint=" + "a".repeat(257)).request())
        .doesNotContainKey("login_hint");
  }

  @Test
  @Rule("TH-AUTHZ-6")
  void nothingIsForwardedUnlessConfigured() {
    try (Scene closed = Scene.open(door, "")) {
      LoginAttempt attempt =
          closed.login(closed.browser(), "/gatehouse/login?login_hint=alice&ui_locales=ja");
      assertThat(attempt.request()).doesNotContainKeys("login_hint", "ui_locales");
    }
  }
}
