package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpKeys;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Scene;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code oidcc-client-config-certification-test-plan}. */
class ConfigRpTest extends ConformanceTest {
  @Test
  @DisplayName("oidcc-client-test-discovery-openid-config")
  @Rule("TH-CFG-3")
  void metadataAreReadAtTheStart() {
    try (Scene fresh = Scene.open(door, configuration())) {
      assertThat(fresh.op().calls("discovery")).isNotEmpty();
      assertThat(fresh.op().calls("discovery").get(0).target())
          .isEqualTo("/.well-known/openid-configuration");
    }
  }

  @Test
  @DisplayName("oidcc-client-test-discovery-jwks-uri-keys")
  @Rule("TH-IDT-3")
  void keysAreReadWhereTheMetadataSay() {
    try (Scene fresh = Scene.open(door, configuration())) {
      assertThat(fresh.op().calls("jwks")).isNotEmpty();
    }
  }

  @Test
  @DisplayName("oidcc-client-test-discovery-issuer-mismatch")
  @Rule("TH-CFG-2")
  void metadataOfAnotherIssuerAreNotUsed() {
    try (Scene fresh =
        Scene.openUnready(door, configuration(), op -> op.metadata("issuer", op.issuer() + "/1"))) {
      assertThat(fresh.browser().get("/x").status()).isEqualTo(503);
      assertThat(App.made(fresh.browser().get("/public/x"))).isTrue();
      assertThat(fresh.op().calls("authorize")).isEmpty();
    }
  }

  @Test
  @DisplayName("oidcc-client-test-idtoken-sig-none")
  @Rule("TH-IDT-2")
  void notSigned() {
    assertRejected(idToken().unsecured("none").header("kid", null));
  }

  /** The second login meets a new key though the first key was in use a moment ago. */
  @Test
  @DisplayName("oidcc-client-test-signing-key-rotation")
  @Rule("TH-IDT-4")
  void keyChangesBetweenTwoLogins() {
    assertAccepted(Plan.honest().idToken(idToken()));
    RSAKey next = OpKeys.rsa("next");
    scene.op().keys(next);

    assertAccepted(Plan.honest().idToken(idToken().signedBy(next)));
  }

  @Test
  @DisplayName("oidcc-client-test-signing-key-rotation-just-before-signing")
  @Rule("TH-IDT-4")
  void keyChangesWhileTheUserIsAtTheOp() {
    RSAKey next = OpKeys.rsa("just-before");
    LoginAttempt late = login(Plan.honest().idToken(idToken().signedBy(next)));
    late.callbackUrl();

    scene.op().keys(next);
    late.complete();

    assertSession(late.browser(), "alice-1");
  }

  @Test
  @DisplayName("keys of other modules under one issuer, with the same id")
  @Rule("TH-IDT-4")
  void keyOfTheSameIdIsAnotherInTheNextModule() {
    RSAKey first = OpKeys.rsa("always-this");
    scene.op().keys(first);
    assertAccepted(Plan.honest().idToken(idToken().signedBy(first)));
    RSAKey second = OpKeys.rsa("always-this");
    scene.op().keys(second);

    assertAccepted(Plan.honest().idToken(idToken().signedBy(second)));

    scene.op().forgetCalls();
    assertRejected(idToken().signedBy(first));
  }
}
