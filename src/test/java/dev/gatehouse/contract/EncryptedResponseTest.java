package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Envelope;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers of the OP that are signed and then encrypted to the gateway (JARM §2.2). */
class EncryptedResponseTest extends ContractTest {
  @Override
  protected String configuration() {
    return "provider: {response-mode: jwt, decryption-key: "
        + KeyFiles.write(KeyFiles.folder().resolve("opens.jwk"), Envelope.RSA.toJSONString())
        + "}";
  }

  private static LoginAttempt attempt(Scene at, TokenRecipe response) {
    return at.login(at.browser(), "/x?a=1").plan(Plan.honest().response(response));
  }

  @Test
  @Rule("TH-CB-7")
  void signedAndEncryptedAnswerBringsTheUserToHisPage() {
    LoginAttempt attempt = attempt(scene, TokenRecipe.correct().sealed());

    Reply reply = attempt.comeBack();

    assertThat(attempt.callbackUrl().split("response=", 2)[1].split("\\.")).hasSize(5);
    assertThat(reply.status()).as("%s", reply).isEqualTo(303);
    assertThat(reply.location()).isEqualTo("/x?a=1#");
    assertSession(attempt.browser(), "alice-1");
  }

  static Stream<TokenRecipe> forgeries() {
    return Stream.of(
            TokenRecipe.correct().unsecured("none"),
            TokenRecipe.correct().literal("{\"code\":\"c\",\"state\":\"s\"}"),
            TokenRecipe.correct().signedByAttacker(),
            TokenRecipe.correct().hmacWithClientSecret(StubOp.CLIENT_SECRET),
            TokenRecipe.correct().changedAfterSigning("code", "another-code"),
            TokenRecipe.correct().claim("aud", "other"),
            TokenRecipe.correct().literal(Envelope.sealed("e30.e30.e30")))
        .map(TokenRecipe::sealed);
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  @Rule("TH-CB-6")
  void encryptionAloneProvesNothing(TokenRecipe forgery) {
    LoginAttempt attempt = attempt(scene, forgery);

    assertRefused(attempt.comeBack(), 403);
    assertNoTokenCall();
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-CB-6")
  void withoutAKeyToOpenItNoAnswerIsBelieved() {
    try (Scene without = Scene.open(door, "provider: {response-mode: jwt}")) {
      attempt(without, TokenRecipe.correct()).complete();
      without.op().forgetCalls();
      LoginAttempt attempt = attempt(without, TokenRecipe.correct().sealed());

      assertRefused(attempt.comeBack(), 403);
      assertThat(without.op().calls("token")).isEmpty();
      assertNoSession(attempt.browser());
    }
  }
}
