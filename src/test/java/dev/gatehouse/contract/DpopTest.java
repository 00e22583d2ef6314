package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sender-constraint: dpop}: tokens that are worth nothing to a thief (RFC 9449). */
@OverHttp2
class DpopTest extends ContractTest {
  private static final long LIFE = 300;

  @Override
  protected String configuration() {
    return "provider: {sender-constraint: dpop}";
  }

  @Override
  protected void provider(StubOp op) {
    op.demandDpop();
  }

  @BeforeEach
  void takeProofsWithoutNonce() {
    scene.op().demandNonce(null);
  }

  private static JWTClaimsSet proof(OpCall call) {
    try {
      return SignedJWT.parse(call.header("DPoP")).getJWTClaimsSet();
    } catch (ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private List<OpCall> tokenCalls() {
    return scene.op().calls("token");
  }

  @Test
  @Rule("TH-TOK-8")
  void everyProofIsForItsRequestAlone() {
    LoginAttempt attempt =
        scene
            .login(scene.browser(), "/x")
            .plan(
                Plan.honest().idToken(TokenRecipe.correct().claim("email", null)).refreshable(LIFE))
            .complete();
    assertThat(scene.userSeen(attempt.browser(), "/x")).isEqualTo("alice-1");
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));
    assertThat(scene.userSeen(attempt.browser(), "/x")).isEqualTo("alice-1");

    // The OP itself has checked each proof, and that all are by the key that the code is bound to.
    assertThat(attempt.request("dpop_jkt")).hasSize(43);
    assertThat(tokenCalls()).hasSize(2);
    assertThat(scene.op().calls("userinfo")).hasSize(1);
    assertThat(scene.op().calls("userinfo").get(0).header("Authorization")).startsWith("DPoP ");
    assertThat(scene.op().calls())
        .filteredOn(call -> call.header("DPoP") != null)
        .extracting(call -> proof(call).getJWTID())
        .hasSize(3)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer", "bearer", "mac", ""})
  @Rule("TH-TOK-8")
  void tokenThatIsNotBoundIsRefused(String type) {
    LoginAttempt attempt =
        scene
            .login(scene.browser(), "/x")
            .plan(Plan.honest().token(Fault.none().member("token_type", type)));

    assertRefused(attempt.comeBack(), 502);
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-TOK-8")
  void nameOfTheTypeIsReadInAnyCase() {
    scene
        .login(scene.browser(), "/x")
        .plan(Plan.honest().token(Fault.none().member("token_type", "dpop")))
        .complete();
  }

  @Test
  @Rule("TH-TOK-6")
  void codeIsSentOnceMoreWithTheNonceThatTheOpAsksFor() {
    scene.op().demandNonce("nonce-of-a-login-" + door);
    LoginAttempt attempt =
        scene
            .login(scene.browser(), "/x")
            .plan(Plan.honest().idToken(TokenRecipe.correct().claim("email", null)))
            .complete();

    assertThat(scene.userSeen(attempt.browser(), "/x")).isEqualTo("alice-1");
    assertThat(tokenCalls()).hasSize(2);
    assertThat(tokenCalls()).extracting(call -> call.form("code")).containsOnly(attempt.code());
    assertThat(proof(tokenCalls().get(1)).getClaim("nonce")).isEqualTo("nonce-of-a-login-" + door);
    // The userinfo endpoint is on the same server, so that its first proof has the nonce already.
    assertThat(scene.op().calls("userinfo")).hasSize(1);
  }

  @Test
  @Rule("TH-TOK-6")
  void nonceIsRememberedForTheNextLogin() {
    scene.op().demandNonce("nonce-that-stays-" + door);
    scene.login(scene.browser(), "/x").complete();
    scene.op().forgetCalls();

    scene.login(scene.browser(), "/x").complete();

    assertThat(tokenCalls()).hasSize(1);
  }

  @Test
  @Rule("TH-TOK-6")
  void fieldThatIsNoNonceIsNotFollowed() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    attempt.callbackUrl();
    scene.op().demandNonce("\"not-a-nonce\"");

    assertRefused(attempt.comeBack(), 502);

    assertThat(tokenCalls()).hasSize(1);
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-TOK-6")
  void anotherErrorWithANonceIsNoReasonToSendTheCodeAgain() {
    LoginAttempt attempt =
        scene
            .login(scene.browser(), "/x")
            .plan(
                Plan.honest()
                    .token(
                        Fault.none()
                            .status(400)
                            .field("DPoP-Nonce", "nonce-beside-an-error")
                            .text("{\"error\":\"invalid_grant\"}")));

    assertThat(attempt.comeBack().status()).isIn(302, 303, 400, 403, 502);

    assertThat(tokenCalls()).hasSize(1);
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-TOK-6")
  void demandThatComesBackEachTimeEndsAfterTheSecondProof() {
    LoginAttempt attempt =
        scene
            .login(scene.browser(), "/x")
            .plan(
                Plan.honest()
                    .token(
                        Fault.none()
                            .status(400)
                            .field("DPoP-Nonce", "nonce-for-ever-" + door)
                            .text("{\"error\":\"use_dpop_nonce\"}")));
    // The stub forgets the code with the first answer of this kind: the second is invalid_grant.
    assertThat(attempt.comeBack().status()).isIn(302, 303, 400, 403, 502);

    assertThat(tokenCalls()).hasSize(2);
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-TOK-13")
  void refreshFollowsANewNonce() {
    Browser browser = scene.signedIn(Plan.honest().refreshable(LIFE));
    scene.op().forgetCalls();
    scene.op().demandNonce("nonce-of-a-refresh-" + door);

    scene.clock().pass(Duration.ofSeconds(LIFE - 10));

    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
    assertThat(tokenCalls()).hasSize(2);
    assertThat(tokenCalls())
        .extracting(call -> call.form("refresh_token"))
        .doesNotContainNull()
        .containsOnly(tokenCalls().get(0).form("refresh_token"));
  }

  @Test
  @Rule("TH-TOK-11")
  void proofsNeverReachTheApp() {
    Browser browser = scene.signedIn();
    scene.userSeen(browser, "/x");

    assertThat(scene.app().only().header("DPoP")).isNull();
  }
}
