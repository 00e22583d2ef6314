package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Threat catalogue §14: many logins are begun and none is finished. */
class LoginFloodTest extends ContractTest {
  private static final int FLOOD = 2_000;

  @Test
  @Rule("TH-DOS-2")
  void fortyLoginsAtOnceFromOneAddressAllStart() {
    Browser office = scene.browser();
    List<CompletableFuture<Reply>> starts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Browser desk = office.copy();
      starts.add(CompletableFuture.supplyAsync(() -> desk.get("/x")));
    }

    assertThat(starts).allSatisfy(start -> assertSentToOp(start.join()));
  }

  @Test
  @Rule("TH-DOS-1")
  @Rule("TH-DOS-2")
  void floodFromOneAddressIsStoppedAndHarmsNobodyElse() {
    scene.clock().stand(); // else the flood has to be quicker than what it may begin each second
    Browser user = scene.signedIn();
    Browser flood = scene.browser();
    Reply last = flood.get("/x");
    assertSentToOp(last);
    for (int i = 0; i < FLOOD && last.status() == 302; i++) {
      last = flood.copy().get("/x?n=" + i);
    }

    assertRefused(last, 429);
    assertThat(Integer.parseInt(last.header("Retry-After"))).isPositive();
    assertThat(last.cookies()).isEmpty();
    assertThat(scene.userSeen(user, "/x")).isEqualTo("alice-1");
    scene.login(scene.browser(), "/x").complete();
  }
}
