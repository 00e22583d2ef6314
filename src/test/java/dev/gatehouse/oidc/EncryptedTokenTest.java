package dev.gatehouse.oidc;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatehouse.Rule;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.KeyFile;
import dev.gatehouse.config.Provider.Userinfo;
import dev.gatehouse.config.Provider.UserinfoUse;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.Envelope;
import dev.gatehouse.testkit.KeyFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that come encrypted (RFC 7516, OpenID Connect Core §16.14, §3.1.3.7 rule 1). */
class EncryptedTokenTest {
  private static final LoginOutcome SHUT = new LoginOutcome.Refused(502, "encryption");

  @TempDir private static Path folder;

  private static StubOp op;
  private static Path keys;

  private DiscoveredProvider provider;

  @BeforeAll
  static void startOp() {
    op = new StubOp();
    keys =
        KeyFiles.write(folder.resolve("decryption.jwks"), KeyFiles.set(Envelope.RSA, Envelope.EC));
  }

  @AfterAll
  static void stopOp() {
    op.close();
  }

  @BeforeEach
  void openProvider() {
    op.reset();
    provider = open(encrypted(false));
  }

  @AfterEach
  void closeProvider() {
    provider.close();
  }

  private static Provider encrypted(boolean required) {
    return op.provider().withTokens(Provider.Tokens.DEFAULT.encryptedFor(file(keys), required));
  }

  private static KeyFile file(Path path) {
    return new KeyFile(path, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static DiscoveredProvider open(Provider configured) {
    return new DiscoveredProvider(
        OpConnection.open(configured, StubOp.backchannel(), true, new TestClock(), StubOp.RANDOM),
        configured,
        Set.of("sub"));
  }

  private void reopen(Provider configured) {
    provider.close();
    provider = open(configured);
  }

  private LoginOutcome login(UnaryOperator<String> envelope) {
    return login(op.idToken(), envelope);
  }

  private LoginOutcome login(TestTokens inside, UnaryOperator<String> envelope) {
    op.serveIdToken(inside.wholeText(envelope));
    return provider.complete(StubOp.GRANT);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA-OAEP, A128GCM",
    "RSA-OAEP-256, A128CBC-HS256",
    "RSA-OAEP-256, A192GCM",
    "RSA-OAEP-384, A192CBC-HS384",
    "RSA-OAEP-512, A256CBC-HS512",
    "ECDH-ES, A256GCM",
    "ECDH-ES, A128CBC-HS256",
    "ECDH-ES+A128KW, A128GCM",
    "ECDH-ES+A192KW, A192GCM",
    "ECDH-ES+A256KW, A256CBC-HS512"
  })
  @Rule("TH-IDT-18")
  void signedTokenInAnEnvelopeLogsIn(String algorithm, String method) {
    assertThat(login(token -> Envelope.sealed(token, algorithm, method, Map.of())))
        .isInstanceOf(LoginOutcome.LoggedIn.class);
  }

  @Test
  @Rule("TH-IDT-18")
  void withoutAKeyEveryEnvelopeIsRefused() {
    assertThat(login(Envelope::sealed)).isInstanceOf(LoginOutcome.LoggedIn.class);

    reopen(op.provider());

    assertThat(login(Envelope::sealed)).isEqualTo(SHUT);
    assertThat(login(UnaryOperator.identity())).isInstanceOf(LoginOutcome.LoggedIn.class);
  }

  static Stream<List<String>> attacks() {
    return AttackList.columnsOf("encrypted-tokens.txt").stream();
  }

  @ParameterizedTest
  @MethodSource("attacks")
  @Rule("TH-IDT-18")
  @SuppressWarnings("unchecked")
  void envelopeOfAnotherKindIsRefused(List<String> attack) throws JsonProcessingException {
    Map<String, Object> header = new JsonMapper().readValue(attack.get(2), Map.class);

    assertThat(login(t -> Envelope.sealed(t, attack.get(0), attack.get(1), header)))
        .isEqualTo(SHUT);
    assertThat(login(Envelope::sealed)).isInstanceOf(LoginOutcome.LoggedIn.class);
  }

  /** One change to a good envelope. */
  record Damage(String name, UnaryOperator<String> change) {
    static Damage ofPart(String name, int part, UnaryOperator<String> change) {
      return new Damage(
          name,
          envelope -> {
            List<String> parts = new ArrayList<>(Arrays.asList(envelope.split("\\.", -1)));
            parts.set(part, change.apply(parts.get(part)));
            return String.join(".", parts);
          });
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static String flipped(String part) {
    return (part.charAt(0) == 'A' ? "B" : "A") + part.substring(1);
  }

  static Stream<Damage> damages() {
    return Stream.of(
        Damage.ofPart("header changed", 0, part -> TestTokens.base64url("{}".getBytes())),
        Damage.ofPart("key changed", 1, EncryptedTokenTest::flipped),
        Damage.ofPart("no key", 1, part -> ""),
        Damage.ofPart("vector changed", 2, EncryptedTokenTest::flipped),
        Damage.ofPart("no vector", 2, part -> ""),
        Damage.ofPart("text changed", 3, EncryptedTokenTest::flipped),
        Damage.ofPart("no text", 3, part -> ""),
        Damage.ofPart("tag changed", 4, EncryptedTokenTest::flipped),
        Damage.ofPart("tag cut short", 4, part -> part.substring(0, 16)),
        Damage.ofPart("no tag", 4, part -> ""),
        Damage.ofPart("padding", 4, part -> part + "=="),
        Damage.ofPart("line break", 3, part -> part + "\n"),
        Damage.ofPart("longer than 16 KiB", 3, part -> part + "A".repeat(16_384)));
  }

  @ParameterizedTest
  @MethodSource("damages")
  @Rule("TH-IDT-18")
  void damagedEnvelopeIsRefused(Damage damage) {
    assertThat(login(token -> damage.change().apply(Envelope.sealed(token)))).isEqualTo(SHUT);
  }

  @Test
  @Rule("TH-IDT-18")
  void anEmptyKeyHasToBeEmptyWhereNoneIsWrapped() {
    UnaryOperator<String> direct = t -> Envelope.sealed(t, "ECDH-ES", "A256GCM", Map.of());
    assertThat(login(direct)).isInstanceOf(LoginOutcome.LoggedIn.class);

    assertThat(login(token -> direct.apply(token).replaceFirst("\\.\\.", ".AAAA.")))
        .isEqualTo(SHUT);
  }

  @Test
  @Rule("TH-IDT-18")
  @Rule("TH-IDT-1")
  void whatIsInsideHasToBeSigned() {
    String claims = "{\"iss\":\"" + op.issuer() + "\",\"sub\":\"root-0\",\"aud\":\"gw\"}";

    assertThat(login(token -> Envelope.sealed(claims)))
        .isEqualTo(new LoginOutcome.Refused(502, "malformed"));
    assertThat(login(op.idToken().header("alg", "none").signature(), Envelope::sealed))
        .isEqualTo(new LoginOutcome.Refused(502, "alg"));
    assertThat(login(op.idToken().signedBy(TestKey.NEXT, "RS256"), Envelope::sealed))
        .isEqualTo(new LoginOutcome.Refused(502, "kid"));
    assertThat(login(token -> Envelope.sealed(Envelope.sealed(token))))
        .isEqualTo(new LoginOutcome.Refused(502, "malformed"));
  }

  @Test
  @Rule("TH-IDT-6")
  @Rule("TH-IDT-7")
  @Rule("TH-IDT-9")
  void everyRuleHoldsInsideOfAnEnvelope() {
    assertThat(login(op.idToken().claim("iss", "https://evil.example"), Envelope::sealed))
        .isEqualTo(new LoginOutcome.Refused(502, "iss"));
    assertThat(login(op.idToken().claim("aud", "other"), Envelope::sealed))
        .isEqualTo(new LoginOutcome.Refused(502, "aud"));
    assertThat(login(op.idToken().claim("nonce", "other"), Envelope::sealed))
        .isEqualTo(new LoginOutcome.Refused(403, "nonce"));
  }

  @Test
  @Rule("TH-IDT-18")
  void whatMustBeEncryptedIs() {
    reopen(encrypted(true));

    assertThat(login(Envelope::sealed)).isInstanceOf(LoginOutcome.LoggedIn.class);
    assertThat(login(UnaryOperator.identity()))
        .isEqualTo(new LoginOutcome.Refused(502, "not-encrypted"));
  }

  @Test
  void keyIdIsAHintAlone() {
    for (String kid : List.of(Envelope.RSA.getKeyID(), Envelope.EC.getKeyID(), "of-the-op")) {
      UnaryOperator<String> named =
          token -> Envelope.sealed(token, "ECDH-ES", "A256GCM", Map.of("kid", kid));
      // A name that is ours is believed; one that is not says nothing.
      assertThat(login(named) instanceof LoginOutcome.LoggedIn)
          .as(kid)
          .isEqualTo(!kid.equals(Envelope.RSA.getKeyID()));
    }
  }

  @Test
  void hintForTheLogoutIsTheTokenWithoutItsEnvelope() {
    String inside = op.idToken().compact();

    LoginOutcome outcome = login(Envelope::sealed);

    assertThat(((LoginOutcome.LoggedIn) outcome).idToken()).contains(Secret.of(inside));
  }

  @Test
  @Rule("TH-IDT-18")
  void logoutTokenMayBeEncryptedToo() {
    assertThat(login(UnaryOperator.identity())).isInstanceOf(LoginOutcome.LoggedIn.class);
    TestTokens logout =
        op.idToken()
            .claim("nonce", null)
            .claim("jti", "logout-1")
            .claim(
                "events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
    Secret sealed = Secret.of(Envelope.sealed(logout.compact()));

    assertThat(provider.verifyLogout(sealed)).isInstanceOf(LogoutToken.Verified.class);

    reopen(op.provider());
    assertThat(provider.verifyLogout(sealed)).isEqualTo(new LogoutToken.Refused("encryption"));
  }

  @Test
  @Rule("TH-IDT-14")
  void userinfoMayBeEncryptedToo() {
    Provider asking =
        encrypted(false).withUserinfo(new Userinfo(UserinfoUse.ALWAYS, true, Map.of(), Map.of()));
    reopen(asking);
    String signed = op.idToken().claim("nonce", null).claim("groups", List.of("users")).compact();
    op.serve(
        "userinfo",
        aResponse()
            .withHeader("Content-Type", "application/jwt")
            .withBody(Envelope.sealed(signed)));

    LoginOutcome outcome = login(UnaryOperator.identity());

    assertThat(((LoginOutcome.LoggedIn) outcome).claims())
        .containsEntry("groups", List.of("users"));
  }
}
