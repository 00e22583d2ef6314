package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Scene;
import org.junit.jupiter.api.Test;

/** Two installations with sealed sessions and the same keys. */
class SharedKeysTest extends ContractTest {
  private static final String SHARED =
      "session: {store: cookie, keys: [AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8]}";

  @Override
  protected String configuration() {
    return SHARED;
  }

  @Test
  @Rule("TH-SES-11")
  void aSessionOfAnotherOpIsNobodysThoughItIsSealedWithOurKey() {
    Browser here = scene.signedIn();
    String sealed = here.cookies().get(Scene.SESSION_COOKIE);
    assertThat(sealed).isNotNull();
    assertSession(scene.browser().cookie(Scene.SESSION_COOKIE, sealed), "alice-1");

    try (Scene other = Scene.open(door, SHARED)) {
      assertNoSession(other.browser().cookie(Scene.SESSION_COOKIE, sealed));
      assertNoSession(other.browser());
    }
  }
}
