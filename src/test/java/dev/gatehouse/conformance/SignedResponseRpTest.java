package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code fapi2-message-signing-final-client-test-plan} adds: answers that are signed (JARM).
 * The names of its modules begin with {@code fapi2-security-profile-final-client-test-}.
 */
class SignedResponseRpTest extends ConformanceTest {
  @Override
  protected String configuration() {
    return "provider: {userinfo: always, signing-algorithms: [RS256], response-mode: jwt}";
  }

  private Plan answered(TokenRecipe response) {
    return Plan.honest().idToken(idToken()).response(response);
  }

  @Test
  @DisplayName("happy-path")
  @Rule("TH-CB-6")
  void signedAnswer() {
    assertAccepted(answered(idToken()));
  }

  static Stream<Arguments> forgeries() {
    return Stream.of(
        forgery("ensure-jarm-without-iss-fails", r -> r.claim("iss", null)),
        forgery("ensure-jarm-with-invalid-iss-fails", r -> r.claim("iss", "https://op.example/1")),
        forgery("ensure-jarm-without-aud-fails", r -> r.claim("aud", null)),
        forgery("ensure-jarm-with-invalid-aud-fails", r -> r.claim("aud", "gw1")),
        forgery("ensure-jarm-without-exp-fails", r -> r.claim("exp", null)),
        forgery("ensure-jarm-with-expired-exp-fails", r -> r.claim("exp", 1)),
        forgery("ensure-jarm-with-invalid-sig-fails", r -> r.signature(new byte[256])),
        forgery("ensure-jarm-signature-alg-is-not-none", r -> r.unsecured("none")));
  }

  private static Arguments forgery(String module, UnaryOperator<TokenRecipe> change) {
    return Arguments.of(module, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  @Rule("TH-CB-6")
  void answerThatBreaksARule(String module, UnaryOperator<TokenRecipe> change) {
    LoginAttempt attempt = login(answered(change.apply(idToken())));

    assertRefused(attempt.comeBack(), 403);
    assertNoTokenCall();
    assertNoSession(attempt.browser());
    assertThat(scene.op().calls("userinfo")).isEmpty();
  }
}
