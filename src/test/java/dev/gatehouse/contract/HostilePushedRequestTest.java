package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.Hostility;
import dev.gatehouse.testkit.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a pushed request is answered with: nobody is sent to the OP, least of all without it.
 */
class HostilePushedRequestTest extends HostileEndpoint {
  @Override
  protected String configuration() {
    return super.configuration() + "\nprovider: {pushed-authorization: always}";
  }

  @ParameterizedTest
  @EnumSource(Hostility.class)
  @Rule("TH-AUTHZ-11")
  @Rule("TH-DOS-5")
  @Rule("TH-DOS-11")
  void hostileAnswerStartsNoLogin(Hostility hostility) {
    Browser browser = scene.browser();
    scene.op().fault("par", hostility.fault());

    Reply reply = timely(() -> browser.get("/x"));

    assertBlamesTheOp(reply);
    assertThat(reply.location()).isNull();
    assertThat(browser.cookies()).isEmpty();
    scene.op().mend();
    scene.login(browser, "/x").complete();
    assertSession(browser, "alice-1");
  }

  @Test
  @Rule("TH-DOS-5")
  void hangingEndpointHoldsUpThoseAloneWhoSignIn() {
    Browser user = scene.signedIn();
    scene.op().fault("par", Hostility.SILENT.fault());

    crowd(
        "par",
        () -> scene.browser().get("/x"),
        () -> assertThat(user.get("/x").status()).isEqualTo(200));
  }
}
