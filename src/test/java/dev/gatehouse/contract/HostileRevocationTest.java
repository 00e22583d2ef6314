package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.Hostility;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the revocation endpoint answers: the user is out at once. */
class HostileRevocationTest extends HostileEndpoint {
  @ParameterizedTest
  @EnumSource(Hostility.class)
  @Rule("TH-OUT-1")
  @Rule("TH-OUT-4")
  @Rule("TH-DOS-5")
  void logoutDoesNotWaitForTheOp(Hostility hostility) {
    Browser browser = scene.signedIn(Plan.honest().refreshable(300));
    Browser before = browser.copy();
    scene.op().fault("revoke", hostility.fault());
    Form question = Form.in(browser.get("/gatehouse/logout"));

    // TokenReturnTest shows that it does not even wait for the deadline.
    Reply left = timely(() -> browser.send(question.submission()));

    assertThat(left.status()).as("%s", left).isEqualTo(303);
    assertThat(left.location()).startsWith(scene.op().issuer() + "/end_session?");
    assertNoSession(browser);
    assertNoSession(before);
    await().until(() -> !scene.op().calls("revoke").isEmpty());
    // A connection that such an OP has just dropped may cost one login its answer (TH-TOK-6).
    await().untilAsserted(() -> assertSession(scene.signedIn(), "alice-1"));
  }
}
