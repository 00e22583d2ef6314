package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.gatehouse.Rule;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.testkit.AssertionCheck;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.KnownSecrets;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A secret or key that is replaced in its file takes over without a restart. */
class KeyChangeTest extends ContractTest {
  private static final String FIRST = "first-secret-0123456789abcdef0123456789";
  private static final String SECOND = "second-secret-0123456789abcdef0123456789";

  private final Path folder = KeyFiles.folder();
  private final Path secretFile = folder.resolve("client-secret");

  @Override
  protected String configuration() {
    KeyFiles.write(secretFile, FIRST + "\n");
    return "provider: {client-secret: '${file:" + secretFile + "}'}";
  }

  private void opExpects(String secret) {
    KnownSecrets.token(secret);
    String pair = StubOp.CLIENT_ID + ":" + secret;
    String basic =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    scene.op().client(call -> basic.equals(call.header("Authorization")));
  }

  @Test
  @Rule("TH-SEC-4")
  @Rule("TH-TOK-6")
  void newSecretIsUsedForTheNextCodeAndEarlierSessionsLive() {
    KeyFiles.write(secretFile, FIRST);
    opExpects(FIRST);
    Browser earlier = scene.signedIn();

    KeyFiles.write(secretFile, SECOND);
    opExpects(SECOND);
    scene.op().forgetCalls();
    Browser later = scene.signedIn();

    assertSession(earlier, "alice-1");
    assertSession(later, "alice-1");
    assertThat(scene.op().calls("token")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "changeme", "two\nlines"})
  @Rule("TH-SEC-4")
  @Rule("TH-SEC-3")
  void brokenFileLeavesTheLastGoodSecretWithAWarning(String broken) {
    KeyFiles.write(secretFile, FIRST);
    opExpects(FIRST);
    scene.signedIn();

    KeyFiles.write(secretFile, broken);
    assertSession(scene.signedIn(), "alice-1");
    assertThat(LeakWatch.lines())
        .filteredOn(line -> line.startsWith("WARN") && line.contains("provider.client-secret"))
        .hasSize(1);
  }

  @Test
  @Rule("TH-SEC-4")
  void newKeyIsPublishedBesideTheOldOneAndSigns() throws Exception {
    ECKey first = KeyFiles.ec(Curve.P_256, "k1");
    ECKey second = KeyFiles.ec(Curve.P_256, "k2");
    Path file = KeyFiles.write(folder.resolve("keys.jwks"), KeyFiles.set(first));
    String changes =
        """
        provider: {client-secret: null, client-authentication: private-key-jwt, client-key: %s}
        """
            .formatted(file);
    try (Scene other = Scene.open(door, changes)) {
      AssertionCheck check =
          AssertionCheck.byKeys(() -> published(other), other.op().issuer(), other.clock());
      other.op().client(check);
      other.signedIn();
      assertThat(ids(other)).containsExactly("k1");

      KeyFiles.write(file, KeyFiles.set(second, first));
      other.signedIn();
      assertThat(ids(other)).containsExactly("k2", "k1");

      KeyFiles.write(file, "{\"keys\":[{\"kty\":\"EC\"");
      other.signedIn();
      assertThat(ids(other)).containsExactly("k2", "k1");
      assertThat(check.accepted())
          .extracting(assertion -> assertion.getHeader().getKeyID())
          .containsExactly("k1", "k2", "k2");
      assertThat(LeakWatch.lines())
          .filteredOn(line -> line.startsWith("WARN") && line.contains("provider.client-key"))
          .hasSize(1);
    }
  }

  @Test
  @Rule("TH-SEC-4")
  void newKeyIsPublishedBeforeAnybodyNeedsIt() {
    Path file = KeyFiles.write(folder.resolve("opens.jwk"), KeyFiles.rsa("d1").toJSONString());
    try (Scene other = Scene.open(door, "provider: {decryption-key: " + file + "}")) {
      assertThat(ids(other)).containsExactly("d1");
      KeyFiles.write(file, KeyFiles.rsa("d2").toJSONString());

      await().atMost(Duration.ofSeconds(20)).until(() -> ids(other).equals(List.of("d2")));
    }
  }

  @Test
  @Rule("TH-SEC-4")
  void newCookieKeySealsAndEarlierSessionsLive() {
    RandomTokens random = new RandomTokens(new SecureRandom());
    Path file = KeyFiles.write(folder.resolve("session-key"), random.next());
    String changes = "session: {store: cookie, keys: ['${file:" + file + "}']}";
    try (Scene other = Scene.open(door, changes)) {
      Browser earlier = other.signedIn();
      KeyFiles.write(file, random.next());
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  LeakWatch.lines().stream()
                      .anyMatch(line -> line.contains("session.keys: the changed file is in use")));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !keyId(other.signedIn()).equals(keyId(earlier)));

      assertThat(other.userSeen(earlier, "/x")).isEqualTo("alice-1");
    }
  }

  /** Which key sealed the session cookie. */
  private static String keyId(Browser browser) {
    byte[] sealed = Base64.getUrlDecoder().decode(browser.cookies().get(Scene.SESSION_COOKIE));
    return HexFormat.of().formatHex(sealed, 1, 5);
  }

  private static List<String> ids(Scene scene) {
    return published(scene).getKeys().stream().map(key -> key.getKeyID()).toList();
  }

  private static JWKSet published(Scene scene) {
    try {
      return JWKSet.parse(scene.browser().get("/gatehouse/jwks").text());
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Rule("TH-TOK-6")
  void codeIsSentOnceThoughTheSecretChangesOnlyAfterwards() {
    KeyFiles.write(secretFile, FIRST);
    opExpects(SECOND);
    Browser browser = scene.browser();

    assertRefused(scene.login(browser, "/x").comeBack(), 502);
    assertThat(scene.op().calls("token")).hasSize(1);
    assertNoSession(browser);

    KeyFiles.write(secretFile, SECOND);
    scene.login(browser, "/x").complete();
    List<OpCall> calls = scene.op().calls("token");
    assertThat(calls).hasSize(2);
    assertThat(calls.get(0).form("code")).isNotEqualTo(calls.get(1).form("code"));
  }
}
