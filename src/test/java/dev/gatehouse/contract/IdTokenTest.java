package dev.gatehouse.contract;

import static dev.gatehouse.testkit.TokenRecipe.correct;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Threat catalogue §6: an ID token that is wrong in any one way makes no session. */
class IdTokenTest extends ContractTest {
  private static final int MEGABYTE = 1 << 20;

  private LoginAttempt attempt(TokenRecipe recipe) {
    return scene.login(scene.browser(), "/x").plan(Plan.honest().idToken(recipe));
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }

  static Stream<Arguments> forged() {
    return Stream.of(
        Arguments.of("alg none", correct().unsecured("none")),
        Arguments.of("alg nOnE", correct().unsecured("nOnE")),
        Arguments.of("alg NONE", correct().unsecured("NONE")),
        Arguments.of("alg none with a space", correct().unsecured("none ")),
        Arguments.of("alg empty", correct().unsecured("")),
        Arguments.of("alg missing", correct().header("alg", null)),
        Arguments.of("alg a number", correct().header("alg", 1)),
        Arguments.of("HS256 with the public key", correct().hmacWithPublicKeyPem()),
        Arguments.of("HS256 with the secret", correct().hmacWithClientSecret(StubOp.CLIENT_SECRET)),
        Arguments.of("attacker's key", correct().signedByAttacker()),
        Arguments.of("embedded jwk", correct().attackerKeyEmbedded()),
        Arguments.of("embedded jwk, no kid", correct().attackerKeyEmbedded().header("kid", null)),
        Arguments.of("unknown kid", correct().header("kid", "rsa-9")),
        Arguments.of("kid of the EC key", correct().header("kid", "ec-1")),
        Arguments.of("no signature", correct().signature(new byte[0])),
        Arguments.of("zero signature", correct().signature(new byte[256])),
        Arguments.of("ES256 zero signature", correct().es256().signature(new byte[64])),
        Arguments.of("changed sub", correct().changedAfterSigning("sub", "root-0")),
        Arguments.of("unknown crit", correct().header("crit", List.of("x")).header("x", 1)),
        Arguments.of(
            "unencoded payload", correct().header("b64", false).header("crit", List.of("b64"))),
        Arguments.of("typ at+jwt", correct().header("typ", "at+jwt")),
        Arguments.of("typ logout+jwt", correct().header("typ", "logout+jwt")),
        Arguments.of("typ dpop+jwt", correct().header("typ", "dpop+jwt")),
        Arguments.of("compressed", correct().header("zip", "DEF")),
        Arguments.of("garbage", correct().literal("garbage")),
        Arguments.of("two parts", correct().literal("e30.e30")),
        Arguments.of("four parts", correct().literal("e30.e30.e30.e30")),
        Arguments.of("empty", correct().literal("")),
        Arguments.of("missing", correct().missing()));
  }

  static Stream<Arguments> untrue() {
    return Stream.of(
        Arguments.of("iss missing", correct().claim("iss", null)),
        Arguments.of("iss foreign", correct().claim("iss", "https://evil.example")),
        Arguments.of("aud missing", correct().claim("aud", null)),
        Arguments.of("aud foreign", correct().claim("aud", "other")),
        Arguments.of("aud other case", correct().claim("aud", "GW")),
        Arguments.of("aud empty", correct().claim("aud", List.of())),
        Arguments.of("aud two, no azp", correct().claim("aud", List.of("gw", "x"))),
        Arguments.of(
            "aud two, azp ours", correct().claim("aud", List.of("gw", "x")).claim("azp", "gw")),
        Arguments.of("azp foreign", correct().claim("azp", "x")),
        Arguments.of("exp missing", correct().claim("exp", null)),
        Arguments.of("exp past", correct().claim("exp", now() - 120)),
        Arguments.of("exp text", correct().claim("exp", "9e99")),
        Arguments.of("exp huge", correct().claim("exp", 1e300)),
        Arguments.of("iat missing", correct().claim("iat", null)),
        Arguments.of("iat ahead", correct().claim("iat", now() + 600)),
        Arguments.of("iat long ago", correct().claim("iat", now() - 3600)),
        Arguments.of("nbf ahead", correct().claim("nbf", now() + 600)),
        Arguments.of("nonce missing", correct().claim("nonce", null)),
        Arguments.of("nonce foreign", correct().claim("nonce", "n".repeat(43))),
        Arguments.of("nonce empty", correct().claim("nonce", "")),
        Arguments.of("at_hash wrong", correct().claim("at_hash", "A".repeat(22))),
        Arguments.of("c_hash wrong", correct().claim("c_hash", "A".repeat(22))),
        Arguments.of("sub missing", correct().claim("sub", null)),
        Arguments.of("sub empty", correct().claim("sub", "")),
        Arguments.of("sub too long", correct().claim("sub", "s".repeat(256))),
        Arguments.of("sub a number", correct().claim("sub", 7)),
        Arguments.of("sub not ASCII", correct().claim("sub", "ali\u0441e")),
        Arguments.of(
            "logout event",
            correct()
                .claim(
                    "events",
                    Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()))),
        Arguments.of("repeated aud", correct().repeatedMember("\"aud\":\"gw\"")),
        Arguments.of("repeated sub", correct().repeatedMember("\"sub\":\"root-0\"")),
        Arguments.of("a megabyte", correct().claim("padding", "A".repeat(MEGABYTE))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"forged", "untrue"})
  @Rule("TH-IDT-1")
  @Rule("TH-IDT-2")
  @Rule("TH-IDT-3")
  @Rule("TH-IDT-5")
  @Rule("TH-IDT-6")
  @Rule("TH-IDT-7")
  @Rule("TH-IDT-8")
  @Rule("TH-IDT-9")
  @Rule("TH-IDT-11")
  @Rule("TH-IDT-12")
  @Rule("TH-IDT-13")
  @Rule("TH-IDT-18")
  void wrongTokenMakesNoSession(String what, TokenRecipe recipe) {
    LoginAttempt attempt = attempt(recipe);
    var reply = attempt.comeBack();

    assertThat(reply.status()).as("%s", reply).isIn(403, 502);
    assertRefused(reply, reply.status());
    assertNoSession(attempt.browser());
    assertThat(attempt.browser().get("/x").status()).isEqualTo(302);
  }

  @Test
  @Rule("TH-IDT-6")
  @Rule("TH-CFG-2")
  void issuerWithATrailingSlashIsAnotherIssuer() {
    LoginAttempt attempt = attempt(correct().claim("iss", scene.op().issuer() + "/"));

    assertRefused(attempt.comeBack(), 502);
    assertNoSession(attempt.browser());
  }

  static Stream<Arguments> right() {
    return Stream.of(
        Arguments.of("plain", correct()),
        Arguments.of("ES256", correct().es256()),
        Arguments.of("no typ", correct().header("typ", null)),
        Arguments.of("aud as a list", correct().claim("aud", List.of("gw"))),
        Arguments.of("azp ours", correct().claim("azp", "gw")),
        Arguments.of("no at_hash", correct().claim("at_hash", null)),
        Arguments.of("slightly fast clock", correct().claim("iat", now() + 20)),
        Arguments.of("longest sub", correct().claim("sub", "s".repeat(255))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("right")
  @Rule("TH-IDT-2")
  @Rule("TH-IDT-7")
  @Rule("TH-IDT-8")
  void rightTokenLogsIn(String what, TokenRecipe recipe) {
    LoginAttempt attempt = attempt(recipe);
    attempt.plan(Plan.honest().idToken(recipe).userinfo(sameSubject(what))).complete();

    assertThat(scene.userSeen(attempt.browser(), "/x")).isNotNull();
  }

  private static Fault sameSubject(String what) {
    return what.equals("longest sub") ? Fault.none().member("sub", "s".repeat(255)) : Fault.none();
  }

  @Test
  @Rule("TH-IDT-9")
  void tokenOfAnotherAttemptIsRefused() {
    LoginAttempt other = scene.login(scene.browser(), "/x");
    LoginAttempt attempt = attempt(correct().claim("nonce", other.request("nonce")));

    assertRefused(attempt.comeBack(), 403);
    assertNoSession(attempt.browser());
  }

  @Test
  @Rule("TH-IDT-4")
  void unknownKeyIdsCauseFewFetches() {
    for (int i = 0; i < 12; i++) {
      attempt(correct().header("kid", "unknown-" + i)).comeBack();
    }
    assertThat(scene.op().calls("jwks").size()).isLessThanOrEqualTo(2);
  }

  @Test
  @Rule("TH-IDT-14")
  void userinfoIsAskedWhenTheIdTokenLacksAConfiguredClaim() {
    LoginAttempt attempt = attempt(correct().claim("email", null)).complete();
    scene.userSeen(attempt.browser(), "/x");

    assertThat(scene.op().calls("userinfo")).hasSize(1);
    assertThat(scene.op().calls("userinfo").get(0).header("Authorization")).startsWith("Bearer ");
    assertThat(scene.op().calls("userinfo").get(0).query()).isEmpty();
    assertThat(scene.app().only().header("X-Gatehouse-Email")).isEqualTo("alice@example.com");
  }

  static Stream<Arguments> wrongUserinfo() {
    return Stream.of(
        Arguments.of("another sub", Fault.none().member("sub", "root-0")),
        Arguments.of("no sub", Fault.none().member("sub", null)),
        Arguments.of("401", Fault.none().status(401)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongUserinfo")
  @Rule("TH-IDT-14")
  void wrongUserinfoMakesNoSession(String what, Fault fault) {
    LoginAttempt attempt =
        scene
            .login(scene.browser(), "/x")
            .plan(Plan.honest().idToken(correct().claim("email", null)).userinfo(fault));

    assertRefused(attempt.comeBack(), 502);
    assertNoSession(attempt.browser());
  }
}
