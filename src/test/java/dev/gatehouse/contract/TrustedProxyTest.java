package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.SeenRequest;
import org.junit.jupiter.api.Test;

/** A proxy that the operator trusts stands before the gateway. */
@OverHttp2
class TrustedProxyTest extends ContractTest {
  @Override
  protected String configuration() {
    return "trusted-proxies: [127.0.0.0/8]";
  }

  private SeenRequest seenWith(String... fields) {
    Browser user = scene.signedIn();
    scene.app().forget();
    Ask ask = Ask.get("/x");
    for (int i = 0; i < fields.length; i += 2) {
      ask = ask.header(fields[i], fields[i + 1]);
    }
    assertThat(user.send(ask).status()).isEqualTo(200);
    return scene.app().only();
  }

  @Test
  @Rule("TH-HTTP-7")
  void rightmostUntrustedAddressIsTheClient() {
    SeenRequest seen = seenWith("X-Forwarded-For", "10.6.6.6, 203.0.113.7");

    String chain = seen.header("X-Forwarded-For");
    assertThat(chain).contains("203.0.113.7");
    assertThat(seen.everything()).contains("203.0.113.7");
  }

  @Test
  @Rule("TH-HTTP-6")
  void hostThatTheProxyVouchesForIsServed() {
    Browser browser = scene.browser();
    Ask ask = Ask.get("/x").header("Host", "internal:8080");

    assertThat(browser.send(ask).status()).isEqualTo(421);
    assertSentToOp(browser.send(ask.header("X-Forwarded-Host", "app.example")));
    assertThat(browser.send(ask.header("X-Forwarded-Host", "evil.example")).status())
        .isEqualTo(421);
  }

  @Test
  @Rule("TH-HDR-1")
  @Rule("TH-HDR-4")
  void trustedProxyMayNotNameTheUserEither() {
    SeenRequest seen = seenWith("X-Gatehouse-User", "evil", "X-Forwarded-User", "evil");

    assertThat(seen.header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(seen.everything()).doesNotContain("evil");
  }

  @Test
  @Rule("TH-HTTP-8")
  void pathOverridesAreDroppedFromATrustedProxyToo() {
    SeenRequest seen = seenWith("X-Original-URL", "/admin", "X-Rewrite-URL", "/admin");

    assertThat(seen.everything()).doesNotContain("/admin");
  }
}
