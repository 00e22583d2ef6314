package dev.gatehouse.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import org.junit.jupiter.api.Test;

/** What a proxy that asks is told for the app: all that the app itself would be told. */
class ForwardAuthIdentityTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
    trusted-proxies: [127.0.0.0/8]
    forward-auth: {enabled: true, request: x-original}
    identity:
      preset: oauth2-proxy
      assertion: {audience: 'https://app.example/orders'}
      authorization: basic
      basic: {password: between-app-and-gateway}
    """;
  }

  private static Ask about(String target) {
    return Ask.get("/gatehouse/auth")
        .header("X-Original-URI", target)
        .header("X-Original-Method", "GET");
  }

  @Test
  @Rule("TH-HDR-8")
  @Rule("TH-HDR-13")
  void presetAssertionAndAuthorizationAreInTheAnswer() {
    Plan plan = Plan.honest().claim("preferred_username", "山田 é");

    Reply reply = scene.signedIn(plan).send(about("/x"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("X-Forwarded-User")).isEqualTo("alice-1");
    assertThat(reply.header("X-Forwarded-Groups")).isEqualTo("users,everyone");
    assertThat(
            new String(reply.header("X-Forwarded-Preferred-Username").getBytes(ISO_8859_1), UTF_8))
        .isEqualTo("山田 é");
    assertThat(reply.header("X-Gatehouse-Assertion")).contains(".");
    assertThat(reply.header("Authorization")).startsWith("Basic ");
    assertThat(reply.headers("X-Forwarded-For")).isEmpty();
    assertThat(reply.headers("X-Forwarded-Host")).isEmpty();
  }

  @Test
  @Rule("TH-HDR-1")
  void clientsOwnAuthorizationIsNotInTheAnswer() {
    Browser user = scene.signedIn();

    Reply reply = user.send(about("/public/x").header("Authorization", "Basic ZXZlOmV2aWw="));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers("Authorization")).isEmpty();
    assertThat(user.send(about("/x")).headers("Authorization")).hasSize(1);
  }

  @Test
  @Rule("TH-HDR-1")
  void questionThatShowsWhatOnlyTheGatewaySaysIsNoYes() {
    Browser user = scene.signedIn();

    for (String name : new String[] {"X-Forwarded-User", "X-Gatehouse-Assertion"}) {
      assertThat(user.send(about("/x").header(name, "evil")).status()).as(name).isNotEqualTo(200);
    }
    assertThat(user.send(about("/x").header("X-Benign", "good")).status()).isEqualTo(200);
  }
}
