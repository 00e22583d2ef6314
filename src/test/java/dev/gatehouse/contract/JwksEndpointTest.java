package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Json;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /gatehouse/jwks}: where OPs find the public halves of our keys. */
class JwksEndpointTest extends ContractTest {
  private static final RSAKey OLD = KeyFiles.rsa("old");
  private static final ECKey NEW = KeyFiles.ec(Curve.P_256, "new");
  private static final RSAKey OPENS = KeyFiles.rsa("opens");
  private static final Ask QUESTION = Ask.get("/gatehouse/jwks");

  @Override
  protected String configuration() {
    Path folder = KeyFiles.folder();
    return """
        provider:
          client-secret: null
          client-authentication: private-key-jwt
          client-key: %s
          decryption-key: %s
        rules:
          - {path: /**, access: deny}
        """
        .formatted(
            KeyFiles.write(folder.resolve("signs.jwks"), KeyFiles.set(NEW, OLD)),
            KeyFiles.write(folder.resolve("opens.jwk"), OPENS.toJSONString()));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> keys(Reply reply) {
    return (List<Map<String, Object>>) Json.object(reply.body()).get("keys");
  }

  @Test
  @Rule("TH-CFG-14")
  @Rule("TH-SEC-4")
  void anybodyGetsAllPublicHalvesBeforeAnyRule() {
    Reply reply = scene.browser().send(QUESTION);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).startsWith("application/json");
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(keys(reply))
        .extracting(key -> key.get("kid"))
        .containsExactly("new", "old", "opens");
    assertThat(keys(reply)).extracting(key -> key.get("use")).containsExactly("sig", "sig", "enc");
    assertThat(keys(reply).subList(0, 2))
        .extracting(key -> key.get("alg"))
        .containsExactly("ES256", "PS256");
    assertThat(reply.cookies()).isEmpty();
    assertAppUnreached();
  }

  @Test
  @Rule("TH-SEC-3")
  void noPrivateMemberIsEverShown() {
    Reply reply = scene.browser().send(QUESTION);

    assertThat(keys(reply))
        .allSatisfy(
            key ->
                assertThat(key.keySet())
                    .isSubsetOf("kty", "use", "alg", "kid", "n", "e", "crv", "x", "y"));
    assertThat(reply.whole())
        .doesNotContain(NEW.getD().toString())
        .doesNotContain(OLD.getPrivateExponent().toString())
        .doesNotContain(OPENS.getFirstPrimeFactor().toString());
  }

  @Test
  void mayBeKeptForAMinuteByAnybody() {
    assertThat(scene.browser().send(QUESTION).header("Cache-Control"))
        .isEqualTo("public, max-age=60");
  }

  @Test
  void headIsAnsweredWithoutABody() {
    Reply get = scene.browser().send(QUESTION);
    Reply head = scene.browser().send(Ask.of("HEAD", "/gatehouse/jwks"));

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
  void noOtherMethodIsTaken(String method) {
    Reply reply = scene.browser().send(Ask.of(method, "/gatehouse/jwks"));

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
    assertAppUnreached();
  }

  @Test
  void withoutKeysTheSetIsEmpty() {
    try (Scene bare = Scene.open(door, "")) {
      Reply reply = bare.browser().send(QUESTION);

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text()).isEqualTo("{\"keys\":[]}");
    }
  }
}
