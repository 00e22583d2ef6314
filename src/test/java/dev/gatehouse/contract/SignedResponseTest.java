package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers in the form of a JWT that the OP has signed (JARM). */
class SignedResponseTest extends ContractTest {
  @Override
  protected String configuration() {
    return "provider: {response-mode: jwt}";
  }

  private LoginAttempt attempt(TokenRecipe response) {
    return scene.login(scene.browser(), "/x?a=1").plan(Plan.honest().response(response));
  }

  @Test
  @Rule("TH-CB-7")
  void signedAnswerBringsTheUserToHisPage() {
    for (TokenRecipe good :
        List.of(
            TokenRecipe.correct(),
            TokenRecipe.correct().es256(),
            TokenRecipe.correct().header("typ", null),
            TokenRecipe.correct().claim("aud", List.of("gw")))) {
      LoginAttempt attempt = attempt(good);
      assertThat(attempt.request("response_mode")).isEqualTo("jwt");

      Reply reply = attempt.comeBack();

      assertThat(reply.status()).as("%s", reply).isEqualTo(303);
      assertThat(reply.location()).isEqualTo("/x?a=1#");
      assertSession(attempt.browser(), "alice-1");
    }
  }

  static Stream<TokenRecipe> forgeries() {
    return Stream.of(
        TokenRecipe.correct().unsecured("none"),
        TokenRecipe.correct().unsecured("nOnE"),
        TokenRecipe.correct().unsecured("None"),
        TokenRecipe.correct().hmacWithPublicKeyPem(),
        TokenRecipe.correct().hmacWithClientSecret(StubOp.CLIENT_SECRET),
        TokenRecipe.correct().signedByAttacker(),
        TokenRecipe.correct().attackerKeyEmbedded(),
        TokenRecipe.correct().signature(new byte[64]),
        TokenRecipe.correct().changedAfterSigning("code", "another-code"),
        TokenRecipe.correct().claim("iss", "https://evil.example"),
        TokenRecipe.correct().claim("iss", null),
        TokenRecipe.correct().claim("aud", "other"),
        TokenRecipe.correct().claim("aud", null),
        TokenRecipe.correct().claim("aud", List.of()),
        TokenRecipe.correct().claim("aud", List.of("gw", "other")),
        TokenRecipe.correct().claim("exp", null),
        TokenRecipe.correct().claim("exp", 1),
        TokenRecipe.correct().claim("exp", "9999999999"),
        TokenRecipe.correct().claim("code", 7),
        TokenRecipe.correct().header("typ", "at+jwt"),
        TokenRecipe.correct().header("typ", "logout+jwt"),
        TokenRecipe.correct().header("crit", List.of("x")));
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  @Rule("TH-CB-6")
  void forgedAnswerIsRefusedBeforeAnyTokenCall(TokenRecipe forgery) {
    LoginAttempt attempt = attempt(forgery);

    assertRefused(attempt.comeBack(), 403);
    assertNoTokenCall();
    assertNoSession(attempt.browser());
  }

  @ParameterizedTest
  @Rule("TH-CB-3")
  @ValueSource(
      strings = {
        "?response=a&response=b",
        "?response=",
        "?response=a&access_token=T0KENVALUE0123456789",
      })
  void malformedAnswerIsRefused(String query) {
    LoginAttempt attempt = attempt(TokenRecipe.correct());

    assertRefused(attempt.browser().get("/gatehouse/callback" + query), 400);
    assertNoTokenCall();
    attempt.complete();
  }

  @ParameterizedTest
  @Rule("TH-STATE-3")
  @ValueSource(strings = {"x", "a.b.c", "e30.e30.e30", "e30.e30.", "....", "a.b.c.d.e"})
  void whatIsNoJwtHasNoState(String response) {
    assertRefused(scene.browser().get("/gatehouse/callback?response=" + response), 403);
    assertThat(scene.op().calls()).isEmpty();
  }

  @Test
  @Rule("TH-STATE-3")
  void plainAnswerIsRefused() {
    LoginAttempt plain = scene.login(scene.browser(), "/x").plan(Plan.honest().answeringByQuery());
    assertRefused(plain.comeBack(), 403);

    LoginAttempt error =
        scene
            .login(scene.browser(), "/x")
            .plan(Plan.honest().answeringByQuery().answer("error", "access_denied"));
    assertRefused(error.comeBack(), 403);
    assertNoTokenCall();
    assertNoSession(plain.browser());
  }

  @Test
  @Rule("TH-CB-4")
  void whatStandsOutsideDoesNotCount() {
    LoginAttempt attempt =
        scene
            .login(scene.browser(), "/x")
            .plan(
                Plan.honest()
                    .outside("code", "another-code")
                    .outside("state", "another-state")
                    .outside("error", "access_denied")
                    .outside("iss", "https://evil.example"));

    assertThat(attempt.comeBack().location()).isEqualTo("/x#");
    assertThat(scene.op().calls("token").get(0).form("code")).isNotEqualTo("another-code");
  }

  @Test
  @Rule("TH-STATE-2")
  @Rule("TH-DOS-3")
  void answerToAnotherBrowserCostsNoCallToTheOp() {
    LoginAttempt attackers = attempt(TokenRecipe.correct());
    String url = attackers.callbackUrl();
    Browser victim = scene.browser();
    scene.op().forgetCalls();

    assertRefused(victim.send(Ask.get(url).site("cross-site")), 403);
    assertThat(scene.op().calls()).isEmpty();
    assertNoSession(victim);
    attackers.complete();
  }

  @Test
  @Rule("TH-CB-16")
  void signedErrorIsAnErrorAndFixedText() {
    LoginAttempt attempt =
        scene
            .login(scene.browser(), "/x")
            .plan(
                Plan.honest()
                    .answer("error", "access_denied")
                    .answer("error_description", "xyzzy"));
    Reply reply = attempt.comeBack();

    assertRefused(reply, 403);
    assertThat(reply.text()).doesNotContain("xyzzy");
    assertNoTokenCall();
  }

  @Test
  @Rule("TH-CB-14")
  void reloadWithALiveSessionLeadsBackToTheApp() {
    LoginAttempt attempt = attempt(TokenRecipe.correct()).complete();
    scene.op().forgetCalls();

    Reply reply = attempt.comeBack();

    assertThat(reply.location()).isEqualTo("/#");
    assertNoTokenCall();
  }
}
