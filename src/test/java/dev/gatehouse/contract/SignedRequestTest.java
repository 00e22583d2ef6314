package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests that are signed by the client's key (RFC 9101). */
class SignedRequestTest extends ContractTest {
  private static final ECKey KEY = KeyFiles.ec(Curve.P_256, "client-1");
  private static final Path FILE =
      KeyFiles.write(KeyFiles.folder().resolve("key.jwk"), KEY.toJSONString());

  private static String signing(String more) {
    return "provider: {client-key: \"" + FILE + "\", max-age: 1h" + more + "}";
  }

  @Override
  protected String configuration() {
    return signing(", resource: [https://a.example/api, https://b.example/api]");
  }

  @Override
  protected void provider(StubOp op) {
    op.metadata("require_signed_request_object", true).requestsSignedBy(KEY);
  }

  private static JWSObject object(String text) {
    try {
      return JWSObject.parse(text);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  @Rule("TH-AUTHZ-1")
  void everythingIsInsideAndOnlyWhatOpenIdWantsIsOutside() {
    long earliest = scene.clock().instant().getEpochSecond();
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    Map<String, List<String>> outside = attempt.start().locationQuery();

    assertThat(outside).containsOnlyKeys("response_type", "client_id", "scope", "request");
    JWSObject request = object(outside.get("request").get(0));
    assertThat(request.getHeader().getType().getType()).isEqualTo("oauth-authz-req+jwt");
    assertThat(request.getHeader().getKeyID()).isEqualTo("client-1");
    Map<String, Object> claims = request.getPayload().toJSONObject();
    long now = (long) claims.get("iat");
    assertThat(now).isBetween(earliest, scene.clock().instant().getEpochSecond());
    assertThat(claims)
        .containsEntry("iss", "gw")
        .containsEntry("aud", scene.op().issuer())
        .containsEntry("nbf", now)
        .containsEntry("exp", now + 60)
        .containsEntry("max_age", 3600L)
        .containsEntry("response_type", "code")
        .containsEntry("client_id", "gw")
        .containsEntry("redirect_uri", Scene.PUBLIC_URL + "/gatehouse/callback")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("resource", List.of("https://a.example/api", "https://b.example/api"))
        .containsKeys("jti", "state", "nonce", "code_challenge", "scope")
        .doesNotContainKeys("sub", "request", "request_uri");
    attempt.complete();
    assertSession(attempt.browser(), "alice-1");
  }

  @Test
  @Rule("TH-RAND-3")
  void everyRequestHasAnIdOfItsOwn() {
    Object first = claims(scene.login(scene.browser(), "/x")).get("jti");
    Map<String, Object> second = claims(scene.login(scene.browser(), "/x"));

    assertThat((String) first).hasSize(43).isNotEqualTo(second.get("jti"));
    assertThat(second.get("jti")).isNotIn(second.get("state"), second.get("nonce"));
  }

  private static Map<String, Object> claims(LoginAttempt attempt) {
    return object(attempt.start().locationQuery().get("request").get(0))
        .getPayload()
        .toJSONObject();
  }

  @Test
  @Rule("TH-AUTHZ-11")
  void pushedAndSignedIsPushedAsOneObject() {
    try (Scene both =
        Scene.open(
            door,
            signing(", request-object: always, pushed-authorization: always"),
            op -> op.requestsSignedBy(KEY))) {
      LoginAttempt attempt = both.login(both.browser(), "/x").complete();

      assertThat(attempt.start().locationQuery()).containsOnlyKeys("client_id", "request_uri");
      assertThat(both.op().calls("par").get(0).form()).containsOnlyKeys("client_id", "request");
      assertSession(attempt.browser(), "alice-1");
    }
  }

  @Test
  void opThatTakesSignedRequestsAloneIsOfNoUseWithoutAKey() {
    try (Scene without =
        Scene.open(door, "", op -> op.metadata("require_signed_request_object", true))) {
      assertRefused(without.browser().get("/x"), 502);
      assertThat(without.gate().awaitProviders(java.time.Duration.ofSeconds(5)))
          .anySatisfy(problem -> assertThat(problem.toString()).contains("client-key-missing"));
    }
  }
}
