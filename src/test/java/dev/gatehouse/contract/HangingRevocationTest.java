package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.Form;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An OP that gives tokens at once and takes them back in its own time. */
class HangingRevocationTest extends ContractTest {
  @Override
  protected String configuration() {
    return "backchannel: {threads: 1, queue: 1, read-timeout: 4s, deadline: 4s}";
  }

  @Test
  @Rule("TH-DOS-5")
  @Rule("TH-OUT-4")
  void logoutsThatWaitForTheOpTakeNobodysLogin() {
    List<Browser> leaving = List.of(scene.signedIn(), scene.signedIn());
    scene.op().fault("revoke", Fault.none().hang(Duration.ofSeconds(20)));

    for (Browser one : leaving) {
      assertThat(one.send(Form.in(one.get("/gatehouse/logout")).submission()).status())
          .isEqualTo(303);
    }
    await().until(() -> !scene.op().calls("revoke").isEmpty());

    assertSession(scene.signedIn(), "alice-1");
    assertSession(scene.signedIn(), "alice-1");
  }
}
