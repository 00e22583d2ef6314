package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import org.junit.jupiter.api.Test;

/** Who may ask about requests: nobody but trusted proxies that know the key. */
class ForwardAuthTrustTest extends ContractTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @Override
  protected String configuration() {
    return """
    trusted-proxies: [127.0.0.0/8]
    forward-auth: {enabled: true, key: %s}
    """
        .formatted(KEY);
  }

  private static Ask about(String target) {
    return Ask.get("/gatehouse/auth")
        .header("X-Original-URI", target)
        .header("X-Original-Method", "GET");
  }

  @Test
  @Rule("TH-HTTP-7")
  @Rule("TH-HTTP-8")
  void peerThatIsNotTrustedIsToldNothing() {
    try (Scene strangers =
        Scene.open(
            door,
            "{trusted-proxies: [192.0.2.1], forward-auth: {enabled: true, request: x-original}}")) {
      for (Reply reply :
          new Reply[] {
            strangers.browser().send(about("/public/x")),
            strangers.signedIn().send(about("/x")),
            strangers.signedIn().send(about("/x").header("X-Forwarded-For", "192.0.2.1")),
            strangers.browser().send(about("/x")),
          }) {
        assertRefused(reply, 404);
        assertThat(reply.cookies()).isEmpty();
        assertThat(reply.header("X-Gatehouse-User")).isNull();
      }
      assertThat(strangers.op().calls("authorize")).hasSizeLessThanOrEqualTo(2);
    }
    Reply trusted = scene.signedIn().send(about("/x").header("X-Gatehouse-Auth-Key", KEY));
    assertThat(trusted.status()).as("%s", trusted).isEqualTo(200);
  }

  @Test
  void proxyThatDoesNotKnowTheKeyIsToldNothing() {
    assertRefused(scene.signedIn().send(about("/public/x")), 404);
    assertRefused(
        scene.signedIn().send(about("/public/x").header("X-Gatehouse-Auth-Key", KEY + "0")), 404);
    assertRefused(
        scene
            .signedIn()
            .send(
                about("/public/x")
                    .header("X-Gatehouse-Auth-Key", KEY)
                    .header("X-Gatehouse-Auth-Key", KEY)),
        404);
    assertThat(
            scene.signedIn().send(about("/public/x").header("X-Gatehouse-Auth-Key", KEY)).status())
        .isEqualTo(200);
  }

  @Test
  void endpointIsOffUnlessSwitchedOn() {
    try (Scene plain = Scene.open(door, "trusted-proxies: [127.0.0.0/8]")) {
      assertRefused(plain.signedIn().send(about("/public/x")), 404);
    }
  }

  @Test
  @Rule("TH-HTTP-8")
  void fieldsOfTheProxyCountNowhereElse() {
    Reply reply =
        scene
            .browser()
            .send(
                Ask.get("/x")
                    .header("X-Original-URI", "/public/x")
                    .header("X-Original-Method", "GET"));

    assertSentToOp(reply);
    scene.userSeen(scene.signedIn(), "/x");
    assertThat(scene.app().only().headers("X-Original-URI")).isEmpty();
  }
}
