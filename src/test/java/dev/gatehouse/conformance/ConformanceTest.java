package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.OpKeys;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the modules have in common: as in the suite, one issuer whose keys are others in each
 * module, userinfo is asked always, and what must be rejected makes no session.
 */
abstract class ConformanceTest extends ContractTest {
  private static final List<RSAKey> KEYS =
      List.of(OpKeys.rsa("module-1"), OpKeys.rsa("module-2"), OpKeys.rsa("module-3"));

  /** Modules follow each other not faster than that; forged keys cost a refetch. */
  private static final Duration BETWEEN_MODULES = Duration.ofSeconds(61);

  private static int modules;

  /** The OP's key of this module. */
  protected RSAKey key;

  @Override
  protected String configuration() {
    return "provider: {userinfo: always, signing-algorithms: [RS256]}";
  }

  @BeforeEach
  void takeNewKeys() {
    scene.clock().pass(BETWEEN_MODULES);
    key = KEYS.get(modules++ % KEYS.size());
    scene.op().keys(key, OpKeys.EC);
  }

  /** An ID token that is right, signed by the key of this module. */
  protected TokenRecipe idToken() {
    return TokenRecipe.correct().signedBy(key);
  }

  /** A login in a new browser that goes like this. */
  protected LoginAttempt login(Plan plan) {
    return scene.login(scene.browser(), "/x").plan(plan);
  }

  /** The login makes a session of Alice's. */
  protected LoginAttempt assertAccepted(Plan plan) {
    LoginAttempt attempt = login(plan).complete();
    assertSession(attempt.browser(), "alice-1");
    return attempt;
  }

  /** The login makes an error page and no session, and the token is used for nothing. */
  protected void assertRejected(TokenRecipe recipe) {
    assertRejected(Plan.honest().idToken(recipe));
    assertThat(scene.op().calls("userinfo")).isEmpty();
  }

  /** The login makes an error page and no session. */
  protected void assertRejected(Plan plan) {
    LoginAttempt attempt = login(plan);
    Reply reply = attempt.comeBack();
    assertThat(reply.status()).as("%s", reply).isIn(403, 502);
    assertRefused(reply, reply.status());
    assertNoSession(attempt.browser());
    assertSentToOp(attempt.browser().get("/x"));
    assertAppUnreached();
  }

  /** The one call of that endpoint. */
  protected OpCall onlyCall(String endpoint) {
    assertThat(scene.op().calls(endpoint)).hasSize(1);
    return scene.op().calls(endpoint).get(0);
  }
}
