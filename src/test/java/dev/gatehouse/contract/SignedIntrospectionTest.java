package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Envelope;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.Hostility;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Introspection responses that the OP has to sign (RFC 9701): what it does not, says nothing. */
class SignedIntrospectionTest extends HostileEndpoint {
  private static final String MEDIA_TYPE = "application/token-introspection+jwt";

  @Override
  protected String configuration() {
    return super.configuration()
        + """

        provider: {introspection-format: jwt, decryption-key: %s}
        bearer: {audience: https://api.example, validation: introspection}
        rules:
          - {path: /api/**, access: bearer, scopes: [read]}
        """
            .formatted(
                KeyFiles.write(
                    KeyFiles.folder().resolve("decryption.jwk"), Envelope.RSA.toJSONString()));
  }

  private Map<String, Object> about(boolean active) {
    Map<String, Object> members = new HashMap<>();
    members.put("active", active);
    if (active) {
      members.put("aud", StubOp.API);
      members.put("sub", "alice-1");
      members.put("scope", "read");
      members.put("exp", scene.clock().instant().getEpochSecond() + 300);
    }
    return members;
  }

  private static TokenRecipe recipe() {
    return TokenRecipe.correct()
        .header("typ", "token-introspection+jwt")
        .claim("sub", null)
        .claim("exp", null)
        .claim("client_id", null)
        .claim("jti", null)
        .claim("aud", StubOp.CLIENT_ID);
  }

  private String response(TokenRecipe recipe, boolean active) {
    return scene.op().accessToken(recipe, Map.of("token_introspection", about(active)));
  }

  private void says(String jwt) {
    scene.op().fault("introspect", Fault.none().text(jwt).contentType(MEDIA_TYPE));
  }

  private Reply ask() {
    return ask(UUID.randomUUID().toString());
  }

  private Reply ask(String token) {
    return scene
        .browser()
        .send(Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token));
  }

  @Test
  @Rule("TH-BEAR-10")
  void aSignedYesIsAYesAndASignedNoANo() {
    says(response(recipe(), true));
    assertThat(App.made(ask())).isTrue();
    assertThat(scene.app().only().header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(scene.op().calls("introspect").get(0).header("Accept")).isEqualTo(MEDIA_TYPE);

    says(response(recipe(), false));
    assertThat(ask().status()).isEqualTo(401);
  }

  @Test
  void whatIsEncryptedForUsIsOpened() {
    says(response(recipe().sealed(), true));

    assertThat(App.made(ask())).isTrue();
  }

  static Stream<Arguments> flaws() {
    return Stream.of(
        flaw("plain JWT", t -> t.header("typ", "JWT")),
        flaw("access token", t -> t.header("typ", "at+jwt")),
        flaw("no type", t -> t.header("typ", null)),
        flaw("other issuer", t -> t.claim("iss", "https://evil.example")),
        flaw("no issuer", t -> t.claim("iss", null)),
        flaw("for another", t -> t.claim("aud", "other")),
        flaw("for the API instead", t -> t.claim("aud", StubOp.API)),
        flaw("for a number", t -> t.claim("aud", List.of(StubOp.CLIENT_ID, 7))),
        flaw("for nobody", t -> t.claim("aud", null)),
        flaw("no time", t -> t.claim("iat", null)),
        flaw("old", t -> t.claim("iat", 1)),
        flaw("from the future", t -> t.claim("iat", 4_000_000_000L)),
        flaw("expired", t -> t.claim("exp", 1)),
        flaw("nothing said", t -> t.claim("token_introspection", null)),
        flaw("said as text", t -> t.claim("token_introspection", "{\"active\":true}")),
        flaw("said as a list", t -> t.claim("token_introspection", List.of())),
        flaw("alg none", t -> t.unsecured("none")),
        flaw("attacker's key", TokenRecipe::signedByAttacker),
        flaw("client secret", t -> t.hmacWithClientSecret(StubOp.CLIENT_SECRET)),
        flaw(
            "changed afterwards",
            t -> t.changedAfterSigning("token_introspection", Map.of("active", true))),
        flaw("no JWT", t -> t.literal("{\"active\":true}")));
  }

  private static Arguments flaw(String what, UnaryOperator<TokenRecipe> change) {
    return Arguments.of(what, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("flaws")
  @Rule("TH-BEAR-10")
  @Rule("TH-BEAR-11")
  void whatIsNotSignedAsAgreedDecidesNothing(String what, UnaryOperator<TokenRecipe> change) {
    says(response(recipe(), true));
    assertThat(App.made(ask())).isTrue();
    scene.app().forget();

    says(response(change.apply(recipe()), true));
    Reply reply = ask();

    assertThat(reply.status()).as("%s", reply).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isNotNull();
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-10")
  void plainJsonInItsPlaceDecidesNothing() {
    String token = scene.op().opaqueToken(about(true));

    assertThat(ask(token).status()).isEqualTo(503);
    assertAppUnreached();
    says(response(recipe(), true));
    assertThat(App.made(ask(token))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-20")
  void theResponseItselfIsNoAccessToken() {
    String response = response(recipe().claim("aud", StubOp.API), true);
    says(response(recipe(), false));

    assertThat(ask(response).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource(Hostility.class)
  @Rule("TH-BEAR-10")
  @Rule("TH-DOS-5")
  void hostileAnswerIsNeitherYesNorNo(Hostility hostility) {
    String token = UUID.randomUUID().toString();
    scene.op().fault("introspect", hostility.fault());

    Reply reply = timely(() -> ask(token));

    assertThat(reply.status()).as("%s", reply).isEqualTo(503);
    assertAppUnreached();
    scene.clock().pass(Duration.ofSeconds(2));
    says(response(recipe(), true));
    assertThat(App.made(ask(token))).isTrue();
  }
}
