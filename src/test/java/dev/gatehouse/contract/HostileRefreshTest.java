package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.Hostility;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a refresh is answered with, but for invalid_grant: it ends nothing and lets nobody in.
 */
class HostileRefreshTest extends HostileEndpoint {
  private static final long LIFE = 300;

  /** Longer than the OP is left in peace after a failure. */
  private static final Duration PAUSE = Duration.ofSeconds(6);

  private Browser signedIn() {
    return scene.signedIn(Plan.honest().refreshable(LIFE));
  }

  @ParameterizedTest
  @EnumSource(Hostility.class)
  @Rule("TH-TOK-13")
  @Rule("TH-DOS-5")
  @Rule("TH-DOS-11")
  void hostileAnswerIsNeitherYesNorNo(Hostility hostility) {
    Browser browser = signedIn();
    scene.op().fault("refresh", hostility.fault());

    scene.clock().pass(Duration.ofSeconds(LIFE - 25));
    assertThat(timely(() -> browser.get("/x")).status()).as("not expired yet").isEqualTo(200);

    scene.clock().pass(Duration.ofSeconds(30));
    scene.app().forget();
    Reply expired = timely(() -> browser.get("/x"));
    assertThat(expired.status()).as("%s", expired).isEqualTo(503);
    assertThat(expired.header("Retry-After")).isNotNull();
    assertBlamesTheOp(expired);

    scene.op().mend();
    scene.clock().pass(PAUSE);
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
  }

  @Test
  @Rule("TH-DOS-5")
  @Rule("TH-TOK-12")
  void hangingEndpointHoldsUpThoseAloneWhoseTokensHaveExpired() {
    ConcurrentLinkedQueue<Browser> expired = new ConcurrentLinkedQueue<>();
    Stream.generate(this::signedIn).limit(16).forEach(expired::add);
    scene.clock().pass(Duration.ofSeconds(LIFE + 1));
    Browser user = scene.signedIn();
    scene.op().forgetCalls();
    scene.op().fault("refresh", Hostility.SILENT.fault());

    crowd(
        "token",
        () -> expired.remove().get("/x"),
        () -> assertThat(user.get("/x").status()).isEqualTo(200));
  }
}
