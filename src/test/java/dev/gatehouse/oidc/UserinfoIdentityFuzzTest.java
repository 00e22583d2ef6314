package dev.gatehouse.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.AddressRule;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.config.Provider.Userinfo;
import dev.gatehouse.config.Provider.UserinfoUse;
import dev.gatehouse.seal.Secret;
import java.util.Map;
import java.util.Optional;

/** Any JSON object for userinfo that is not OpenID Connect's. */
class UserinfoIdentityFuzzTest {
  private static final UserinfoIdentity RULES =
      new UserinfoIdentity(
          new UserinfoRequest(
              new OpClient(StubOp.backchannel(), new AddressRule("op.example", false), false),
              false,
              Optional.empty()),
          Provider.of(
                  FuzzedTokens.ISSUER,
                  TestTokens.CLIENT_ID,
                  Provider.Proof.bySecret(
                      ClientAuthentication.CLIENT_SECRET_BASIC, Secret.of(StubOp.CLIENT_SECRET)))
              .withUserinfo(
                  new Userinfo(
                      UserinfoUse.ALWAYS,
                      false,
                      Map.of("sub", "/result/id", "email", "/result/mails/0/address"),
                      Map.of("/code", "200"))));

  @FuzzTest
  @Rule("TH-QUIRK-7")
  @Rule("TH-IDT-13")
  void whoeverIsNamedHasASubjectAndTheMarkOfSuccess(byte[] bytes) {
    Optional<JsonObject> body = JsonObject.parse(bytes);
    if (body.isEmpty() || !(RULES.read(body.get()) instanceof UserinfoIdentity.Answer.Known user)) {
      return;
    }
    assertThat(user.subject()).matches("\\p{ASCII}{1,255}").isNotBlank();
    assertThat(user.claims()).containsEntry("sub", user.subject()).doesNotContainValue(null);
    assertThat(String.valueOf(body.get().get("code"))).isEqualTo("200");
    assertThat(body.get().get("error")).isNull();
  }
}
