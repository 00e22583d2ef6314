package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.OpKeys;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.StubOp;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code oidcc-client-basic-certification-test-plan}, and modules of the larger plan around it. */
class BasicRpTest extends ConformanceTest {
  @Test
  @DisplayName("oidcc-client-test")
  @Rule("TH-AUTHZ-1")
  @Rule("TH-IDT-14")
  void codeFlowWithUserinfo() {
    LoginAttempt attempt = assertAccepted(Plan.honest().idToken(idToken()));

    assertThat(attempt.request("response_type")).isEqualTo("code");
    assertThat(attempt.request("scope").split(" ")).contains("openid");
    assertThat(attempt.request()).containsKeys("client_id", "redirect_uri", "state", "nonce");
    assertThat(onlyCall("token").form("grant_type")).isEqualTo("authorization_code");
    assertThat(onlyCall("userinfo").header("Authorization"))
        .isEqualTo("Bearer " + scene.op().lastAccessToken());
  }

  @Test
  @DisplayName("oidcc-client-test-invalid-iss")
  @Rule("TH-IDT-6")
  void issuerOfAnother() {
    assertRejected(idToken().claim("iss", scene.op().issuer() + "/1"));
  }

  @Test
  @DisplayName("oidcc-client-test-missing-sub")
  @Rule("TH-IDT-13")
  void noSubject() {
    assertRejected(idToken().claim("sub", null));
  }

  @Test
  @DisplayName("oidcc-client-test-invalid-aud")
  @Rule("TH-IDT-7")
  void audienceOfAnother() {
    assertRejected(idToken().claim("aud", StubOp.CLIENT_ID + "1"));
  }

  @Test
  @DisplayName("oidcc-client-test-missing-aud")
  @Rule("TH-IDT-7")
  void noAudience() {
    assertRejected(idToken().claim("aud", null));
  }

  @Test
  @DisplayName("oidcc-client-test-missing-iat")
  @Rule("TH-IDT-8")
  void noTimeOfIssue() {
    assertRejected(idToken().claim("iat", null));
  }

  @Test
  @DisplayName("oidcc-client-test-kid-absent-single-jwks")
  @Rule("TH-IDT-3")
  void oneKeyWithoutId() {
    RSAKey nameless = OpKeys.rsa(null);
    scene.op().keys(nameless);

    assertAccepted(Plan.honest().idToken(idToken().signedBy(nameless)));
  }

  /** The suite takes a refusal too; trying each key is what keeps such users able to sign in. */
  @Test
  @DisplayName("oidcc-client-test-kid-absent-multiple-jwks")
  @Rule("TH-IDT-3")
  void manyKeysWithoutId() {
    RSAKey nameless = OpKeys.rsa(null);
    scene.op().keys(OpKeys.rsa(null), nameless, OpKeys.rsa(null));

    assertAccepted(Plan.honest().idToken(idToken().signedBy(nameless)));
  }

  @Test
  @DisplayName("oidcc-client-test-idtoken-sig-rs256")
  @Rule("TH-IDT-2")
  void signedWithRs256() {
    assertAccepted(Plan.honest().idToken(idToken().header("alg", "RS256")));
  }

  /** The suite lets clients accept it that asked for it at registration; nobody can ask for it. */
  @Test
  @DisplayName("oidcc-client-test-idtoken-sig-none")
  @Rule("TH-IDT-2")
  void notSigned() {
    assertRejected(idToken().unsecured("none").header("kid", null));
  }

  @Test
  @DisplayName("oidcc-client-test-invalid-sig-rs256")
  @Rule("TH-IDT-1")
  void badRs256Signature() {
    assertRejected(idToken().signature(new byte[256]));
  }

  @Test
  @DisplayName("oidcc-client-test-invalid-sig-es256")
  @Rule("TH-IDT-5")
  void badEs256Signature() {
    assertRejected(idToken().es256().header("kid", "ec-1").signature(new byte[64]));
  }

  @Test
  @DisplayName("oidcc-client-test-invalid-sig-hs256")
  @Rule("TH-IDT-2")
  void hs256SignatureWithTheSecret() {
    assertRejected(idToken().hmacWithClientSecret(StubOp.CLIENT_SECRET));
  }

  @Test
  @DisplayName("oidcc-client-test-userinfo-invalid-sub")
  @Rule("TH-IDT-14")
  void userinfoOfAnotherUser() {
    assertRejected(
        Plan.honest().idToken(idToken()).userinfo(Fault.none().member("sub", "alice-11")));
  }

  @Test
  @DisplayName("oidcc-client-test-nonce-invalid")
  @Rule("TH-IDT-9")
  void nonceOfAnother() {
    LoginAttempt attempt = login(Plan.honest());
    attempt.plan(Plan.honest().idToken(idToken().claim("nonce", attempt.request("nonce") + "1")));

    assertRefused(attempt.comeBack(), 403);
    assertNoSession(attempt.browser());
    assertThat(scene.op().calls("userinfo")).isEmpty();
  }

  @Test
  @DisplayName("oidcc-client-test-scope-userinfo-claims")
  @Rule("TH-IDT-14")
  void claimsOfTheScopesComeFromUserinfo() {
    LoginAttempt attempt =
        assertAccepted(
            Plan.honest()
                .idToken(idToken().claim("name", null).claim("email", null).claim("groups", null)));

    assertThat(scene.userSeen(attempt.browser(), "/x")).isEqualTo("alice-1");
    assertThat(scene.app().only().header("X-Gatehouse-Name")).isEqualTo("Alice A");
    assertThat(scene.app().only().header("X-Gatehouse-Email")).isEqualTo("alice@example.com");
  }

  @Test
  @DisplayName("oidcc-client-test-client-secret-basic")
  @Rule("TH-TOK-3")
  void secretInTheHeader() {
    assertAccepted(Plan.honest().idToken(idToken()));

    OpCall call = onlyCall("token");
    String credentials =
        new String(
            Base64.getDecoder().decode(call.header("Authorization").substring("Basic ".length())),
            StandardCharsets.UTF_8);
    assertThat(credentials).startsWith(StubOp.CLIENT_ID + ":");
    assertThat(call.form("client_secret")).isNull();
  }

  @Test
  @DisplayName("oidcc-client-test-userinfo-bearer-header")
  @Rule("TH-IDT-14")
  void tokenForUserinfoInTheHeader() {
    assertAccepted(Plan.honest().idToken(idToken()));

    assertThat(onlyCall("userinfo").method()).isEqualTo("GET");
    assertThat(onlyCall("userinfo").target()).doesNotContain("?");
    assertThat(onlyCall("userinfo").body()).isEmpty();
  }

  @Test
  @DisplayName("oidcc-client-test-aggregated-claims")
  void aggregatedClaimsDoNoHarm() {
    assertAccepted(
        Plan.honest()
            .idToken(idToken())
            .userinfo(
                Fault.none()
                    .member("_claim_names", Map.of("credit", "src1"))
                    .member("_claim_sources", Map.of("src1", Map.of("JWT", "e30.e30.")))));
  }

  @Test
  @DisplayName("oidcc-client-test-distributed-claims")
  void distributedClaimsAreNotFetched() {
    assertAccepted(
        Plan.honest()
            .idToken(idToken())
            .userinfo(
                Fault.none()
                    .member("_claim_names", Map.of("credit", "src1"))
                    .member(
                        "_claim_sources",
                        Map.of("src1", Map.of("endpoint", scene.op().issuer() + "/claims")))));

    assertThat(scene.op().calls("claims")).isEmpty();
    assertThat(scene.op().calls().stream().map(OpCall::endpoint).distinct())
        .isSubsetOf(List.of("authorize", "token", "jwks", "userinfo"));
  }
}
