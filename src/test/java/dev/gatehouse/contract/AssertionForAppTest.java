package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.SeenRequest;
import dev.gatehouse.testkit.TokenRecipe;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The signed assertion, and what an app makes of it with a library of its own (Nimbus). */
class AssertionForAppTest extends ContractTest {
  private static final String AUDIENCE = "https://app.example/orders";
  private static final String HEADER = "X-Gatehouse-Assertion";

  private final Path keyFile = KeyFiles.folder().resolve("assertion.jwk");

  @Override
  protected String configuration() {
    KeyFiles.write(keyFile, KeyFiles.ec(Curve.P_256, "one").toJSONString());
    return """
        bearer: {audience: https://api.example, validation: jwt}
        identity:
          assertion:
            audience: %s
            key: %s
            claims: [email, groups, nickname]
        rules:
          - {path: /public/**, access: anonymous}
          - {path: /optional/**, access: optional}
          - {path: /api/**, access: bearer}
        """
        .formatted(AUDIENCE, keyFile);
  }

  private static JWKSet published(Scene with) {
    try {
      return JWKSet.parse(with.browser().send(Ask.get("/gatehouse/jwks")).text());
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }

  /** An app as the README tells it to be. */
  private static JWTClaimsSet verified(Scene with, String assertion, String audience)
      throws ParseException, BadJOSEException, com.nimbusds.jose.JOSEException {
    DefaultJWTProcessor<SecurityContext> app = new DefaultJWTProcessor<>();
    app.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("gatehouse-assertion+jwt")));
    app.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            JWSAlgorithm.ES256, new ImmutableJWKSet<>(published(with))));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            audience,
            new JWTClaimsSet.Builder().issuer(Scene.PUBLIC_URL).build(),
            Set.of("sub", "iat", "exp", "jti", "op_iss")) {
          @Override
          protected Date currentTime() {
            return Date.from(with.clock().instant());
          }
        };
    claims.setMaxClockSkew(0);
    app.setJWTClaimsSetVerifier(claims);
    return app.process(assertion, null);
  }

  private SeenRequest seen(Browser browser, String path) {
    scene.app().forget();
    assertThat(App.made(browser.get(path))).isTrue();
    return scene.app().only();
  }

  @Test
  @Rule("TH-HDR-13")
  void appVerifiesWhoTheUserIs() throws Exception {
    String assertion = seen(scene.signedIn(), "/x").header(HEADER);

    JWTClaimsSet claims = verified(scene, assertion, AUDIENCE);

    assertThat(claims.getSubject()).isEqualTo("alice-1");
    assertThat(claims.getStringClaim("op_iss")).isEqualTo(scene.op().issuer());
    assertThat(claims.getAudience()).containsExactly(AUDIENCE);
    assertThat(claims.getStringClaim("email")).isEqualTo("alice@example.com");
    assertThat(claims.getStringListClaim("groups")).containsExactly("users", "everyone");
    assertThat(claims.getClaims()).doesNotContainKeys("nickname", "name");
    long life = claims.getExpirationTime().getTime() - claims.getIssueTime().getTime();
    assertThat(Duration.ofMillis(life)).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(60));
    assertThat(claims.getJWTID()).hasSizeGreaterThanOrEqualTo(22);
  }

  @Test
  @Rule("TH-HDR-13")
  void anotherAppRefusesIt() throws Exception {
    String assertion = seen(scene.signedIn(), "/x").header(HEADER);

    assertThatThrownBy(() -> verified(scene, assertion, "https://app.example/wages"))
        .isInstanceOf(BadJWTException.class);
    assertThat(verified(scene, assertion, AUDIENCE)).isNotNull();
  }

  @Test
  @Rule("TH-HDR-13")
  void appRefusesItAMinuteLater() throws Exception {
    String assertion = seen(scene.signedIn(), "/x").header(HEADER);
    assertThat(verified(scene, assertion, AUDIENCE)).isNotNull();

    scene.clock().pass(Duration.ofSeconds(61));

    assertThatThrownBy(() -> verified(scene, assertion, AUDIENCE))
        .isInstanceOf(BadJWTException.class);
  }

  @Test
  @Rule("TH-HDR-13")
  void oneSignatureServesManyRequestsUntilHalfOfItsLifeIsOver() throws Exception {
    Browser user = scene.signedIn();
    String first = seen(user, "/x").header(HEADER);
    for (int i = 0; i < 5; i++) {
      assertThat(seen(user, "/x" + i).header(HEADER)).isEqualTo(first);
    }

    scene.clock().pass(Duration.ofSeconds(35));
    await().until(() -> !seen(user, "/x").header(HEADER).equals(first));

    String next = seen(user, "/x").header(HEADER);
    assertThat(seen(user, "/x").header(HEADER)).isEqualTo(next);
    assertThat(verified(scene, next, AUDIENCE).getJWTID())
        .isNotEqualTo(SignedJWT.parse(first).getJWTClaimsSet().getJWTID());
  }

  @Test
  @Rule("TH-HDR-13")
  void whoeverComesBackLateGetsAFreshOneAtOnce() throws Exception {
    Browser user = scene.signedIn();
    seen(user, "/x");

    scene.clock().pass(Duration.ofMinutes(5));

    assertThat(verified(scene, seen(user, "/x").header(HEADER), AUDIENCE)).isNotNull();
  }

  @Test
  @Rule("TH-HDR-13")
  void userOfAnApiIsAssertedToo() throws Exception {
    String token = scene.op().accessToken(TokenRecipe.correct().header("typ", "at+jwt"), Map.of());
    Ask ask = Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token);
    assertThat(App.made(scene.browser().send(ask))).isTrue();
    String assertion = scene.app().only().header(HEADER);

    assertThat(verified(scene, assertion, AUDIENCE).getSubject()).isEqualTo("alice-1");
  }

  @Test
  @Rule("TH-HDR-13")
  @Rule("TH-BEAR-20")
  void itIsNoAccessTokenHere() {
    String assertion = seen(scene.signedIn(), "/x").header(HEADER);
    String token = scene.op().accessToken(TokenRecipe.correct().header("typ", "at+jwt"), Map.of());
    scene.app().forget();
    Ask ask = Ask.get("/api/x").kind(Ask.Kind.XHR);

    Reply refused = scene.browser().send(ask.header("Authorization", "Bearer " + assertion));
    assertThat(refused.status()).isEqualTo(401);
    assertAppUnreached();
    assertThat(App.made(scene.browser().send(ask.header("Authorization", "Bearer " + token))))
        .isTrue();
  }

  @Test
  @Rule("TH-HDR-1")
  @Rule("TH-HDR-13")
  void copyFromOutsideNeverReachesTheApp() {
    Browser user = scene.signedIn();
    String mine = seen(user, "/x").header(HEADER);
    for (String name : List.of(HEADER, "x_gatehouse_assertion", "X.Gatehouse.Assertion")) {
      for (String path : List.of("/public/x", "/optional/x")) {
        scene.app().forget();
        assertThat(App.made(scene.browser().send(Ask.get(path).header(name, mine)))).isTrue();
        assertThat(scene.app().only().everything()).doesNotContain(mine);
      }
    }
  }

  @Test
  @Rule("TH-SEC-4")
  @Rule("TH-HDR-13")
  void newKeySignsAndTheOldOneStaysPublishedForAWhile() throws Exception {
    Browser user = scene.signedIn();
    String before = seen(user, "/x").header(HEADER);
    String oldKid = SignedJWT.parse(before).getHeader().getKeyID();
    KeyFiles.write(keyFile, KeyFiles.ec(Curve.P_256, "two").toJSONString());

    await().atMost(Duration.ofSeconds(20)).until(() -> published(scene).size() > 1);
    assertThat(verified(scene, before, AUDIENCE)).isNotNull();

    scene.clock().pass(Duration.ofSeconds(61));
    String after = seen(user, "/x").header(HEADER);
    assertThat(SignedJWT.parse(after).getHeader().getKeyID()).isNotEqualTo(oldKid);
    assertThat(verified(scene, after, AUDIENCE)).isNotNull();
    assertThat(published(scene).getKeyByKeyId(oldKid)).isNotNull();

    scene.clock().pass(Duration.ofMinutes(16));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> published(scene).getKeyByKeyId(oldKid) == null);
  }

  @Test
  @Rule("TH-HDR-13")
  void keyThatNobodyGaveIsMadeAndNamedUnlikeThoseForTheOp() throws Exception {
    Path clientKey = KeyFiles.folder().resolve("client.jwk");
    KeyFiles.write(clientKey, KeyFiles.ec(Curve.P_256, "one").toJSONString());
    String changes =
        """
        provider: {decryption-key: %s}
        identity: {assertion: {audience: %s}}
        """
            .formatted(clientKey, AUDIENCE);
    try (Scene with = Scene.open(door, changes)) {
      JWKSet keys = published(with);

      assertThat(keys.getKeys()).hasSize(2);
      assertThat(keys.getKeys()).extracting(key -> key.getKeyID()).doesNotHaveDuplicates();
      assertThat(keys.getKeys()).noneMatch(key -> key.isPrivate());
      with.app().forget();
      with.signedIn().get("/x");
      String assertion = with.app().seen().get(with.app().seen().size() - 1).header(HEADER);
      assertThat(verified(with, assertion, AUDIENCE).getSubject()).isEqualTo("alice-1");
    }
  }

  @Test
  @Rule("TH-HDR-10")
  void claimsThatAreTooLargeForAnAssertionRefuseTheLogin() {
    List<String> groups = IntStream.range(0, 300).mapToObj(i -> "group-" + i).toList();
    LoginAttempt attempt =
        scene.login(scene.browser(), "/x").plan(Plan.honest().claim("groups", groups));
    assertThat(attempt.comeBack().status()).isEqualTo(502);
    assertNoSession(attempt.browser());

    Browser fewer = scene.signedIn(Plan.honest().claim("groups", groups.subList(0, 100)));
    assertThat(seen(fewer, "/x").header(HEADER).length()).isLessThan(4096);
  }
}
