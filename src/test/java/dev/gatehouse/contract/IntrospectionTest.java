package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §9: access tokens about which the OP is asked. */
class IntrospectionTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        bearer: {audience: https://api.example, validation: introspection}
        rules:
          - {path: /api/**, access: bearer, scopes: [read]}
          - {path: /gold/**, access: bearer, require: {acr: gold}, max-age: 5m}
        """;
  }

  private Map<String, Object> active() {
    Map<String, Object> answer = scene.op().activeAnswer();
    answer.put("scope", "read");
    return answer;
  }

  private Reply ask(String token) {
    return ask(scene.browser(), token);
  }

  private static Reply ask(Browser client, String token) {
    return client.send(
        Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token));
  }

  private Reply askForGold(Map<String, Object> more) {
    Map<String, Object> answer = active();
    answer.putAll(more);
    String token = scene.op().opaqueToken(answer);
    return scene
        .browser()
        .send(Ask.get("/gold/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token));
  }

  @Test
  @Rule("TH-AUTHZ-14")
  void theOpsWordAboutTheLoginIsJudgedByRule() {
    long now = scene.clock().instant().getEpochSecond();
    assertThat(App.made(askForGold(Map.of("acr", "gold", "auth_time", now - 10)))).isTrue();
    scene.app().forget();

    for (Map<String, Object> weak :
        List.<Map<String, Object>>of(
            Map.of(),
            Map.of("acr", "tin", "auth_time", now - 10),
            Map.of("acr", "gold", "auth_time", now - 301))) {
      Reply reply = askForGold(weak);

      assertThat(reply.status()).as("%s", weak).isEqualTo(401);
      assertThat(reply.header("WWW-Authenticate"))
          .contains("error=\"insufficient_user_authentication\"")
          .contains("acr_values=\"gold\"")
          .contains("max_age=300");
    }
    assertAppUnreached();
  }

  private Reply askAbout(String member, Object value) {
    Map<String, Object> answer = active();
    answer.put(member, value);
    return ask(scene.op().opaqueToken(answer));
  }

  @Test
  @Rule("TH-BEAR-9")
  void theOpIsAskedOnceByAFormThatKeepsTheTokenWhole() {
    String token = scene.op().opaqueToken(active());

    for (int i = 0; i < 5; i++) {
      assertThat(App.made(ask(token))).isTrue();
    }

    assertThat(scene.op().calls("introspect")).hasSize(1);
    assertThat(scene.op().calls("introspect").get(0).form("token")).isEqualTo(token);
    assertThat(scene.op().calls("introspect").get(0).form("token_type_hint"))
        .isEqualTo("access_token");
    assertThat(scene.op().calls("introspect").get(0).target()).doesNotContain("?");
  }

  @Test
  @Rule("TH-BEAR-10")
  @Rule("TH-BEAR-11")
  void onlyAnActiveTokenForUsIsGood() {
    assertThat(App.made(askAbout("active", true))).isTrue();
    assertThat(askAbout("active", "true").status()).isEqualTo(401);
    assertThat(askAbout("active", false).status()).isEqualTo(401);
    assertThat(askAbout("exp", 1).status()).isEqualTo(401);
    assertThat(askAbout("aud", "https://other.example").status()).isEqualTo(401);
    assertThat(askAbout("iss", "https://evil.example").status()).isEqualTo(401);
    assertThat(ask("never-heard-of").status()).isEqualTo(401);
  }

  @Test
  @Rule("TH-BEAR-10")
  @Rule("TH-BEAR-13")
  void anOpThatFailsIsNeitherYesNorNoAndIsAskedAgain() {
    String token = scene.op().opaqueToken(active());
    scene.op().fault("introspect", Fault.none().status(500).text("{}"));

    Reply reply = ask(token);

    assertThat(reply.status()).as("%s", reply).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isNotNull();
    assertAppUnreached();
    scene.op().mend();
    assertThat(App.made(ask(token))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-12")
  void whatTheOpSaidIsGoodForAMinuteAtMost() {
    String token = scene.op().opaqueToken(active());
    assertThat(App.made(ask(token))).isTrue();

    scene.clock().pass(Duration.ofSeconds(61));

    assertThat(App.made(ask(token))).isTrue();
    assertThat(scene.op().calls("introspect")).hasSize(2);
  }

  @Test
  @Rule("TH-BEAR-15")
  void whatTheOpSaidIsNotServedAfterItsTimeThoughTheOpIsDown() {
    String token = scene.op().opaqueToken(active());
    assertThat(App.made(ask(token))).isTrue();
    scene.op().fault("introspect", Fault.none().status(500).text("{}"));
    assertThat(App.made(ask(token))).isTrue();

    scene.clock().pass(Duration.ofSeconds(61));

    assertThat(ask(token).status()).isEqualTo(503);
    scene.op().mend();
    assertThat(App.made(ask(token))).isTrue();
  }

  @Test
  @Rule("TH-DOS-6")
  void manyRequestsWithOneTokenMakeOneCall() {
    String token = scene.op().opaqueToken(active());
    scene.op().fault("introspect", Fault.none().hang(Duration.ofMillis(300)));

    List<CompletableFuture<Reply>> replies =
        IntStream.range(0, 30)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> ask(token)))
            .toList();

    assertThat(replies).allSatisfy(reply -> assertThat(App.made(reply.join())).isTrue());
    assertThat(scene.op().calls("introspect")).hasSize(1);
  }

  @Test
  @Rule("TH-BEAR-16")
  void afterALogoutTheOpIsAskedAgainAboutTheSessionsToken() {
    Browser browser = scene.signedIn();
    String token = scene.op().lastAccessToken();
    scene.op().introspected(token, active());
    assertThat(App.made(ask(token))).isTrue();
    assertThat(App.made(ask(token))).isTrue();
    assertThat(scene.op().calls("introspect")).hasSize(1);

    browser.send(Form.in(browser.get("/gatehouse/logout")).submission());
    scene.op().introspected(token, Map.of("active", false));

    assertThat(ask(token).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"back", "front"})
  @Rule("TH-BEAR-16")
  void aLogoutThatNamesASessionAloneForgetsWhatWasSaidOfItsUsersTokens(String channel) {
    scene.signedIn(Plan.honest().claim("sid", "sid-1"));
    String token = scene.op().opaqueToken(active());
    assertThat(App.made(ask(token))).isTrue();

    Reply strange = tell(channel, "sid-2");
    assertThat(strange.status()).as("%s", strange).isEqualTo(200);
    assertThat(App.made(ask(token))).isTrue();
    assertThat(scene.op().calls("introspect")).hasSize(1);

    Reply told = tell(channel, "sid-1");
    assertThat(told.status()).as("%s", told).isEqualTo(200);
    scene.op().introspected(token, Map.of("active", false));
    assertThat(ask(token).status()).isEqualTo(401);
  }

  private Reply tell(String channel, String sid) {
    if (channel.equals("front")) {
      String query = Query.write(Map.of("iss", scene.op().issuer(), "sid", sid));
      return scene.browser().get("/gatehouse/frontchannel-logout?" + query);
    }
    String token =
        scene
            .op()
            .logoutToken(TokenRecipe.correct().header("typ", "logout+jwt"), Map.of("sid", sid));
    return scene
        .browser()
        .send(
            Ask.form("/gatehouse/backchannel-logout", Map.of("logout_token", token))
                .kind(Ask.Kind.XHR));
  }

  @Test
  @Rule("TH-DOS-7")
  void aFloodOfInventedTokensIsNotPassedOnToTheOp() {
    scene.clock().stand(); // else what was used up is given again, little by little
    Browser flood = scene.browser();
    String known = scene.op().opaqueToken(active());
    assertThat(App.made(ask(flood, known))).isTrue();
    int sent = 0;
    Reply last = ask(flood, "invented-0");
    while (last.status() == 401 && sent < 1_000) {
      sent++;
      last = ask(flood, "invented-" + sent);
    }

    assertThat(last.status()).as("%s", last).isEqualTo(429);
    assertThat(last.header("Retry-After")).isNotNull();
    assertThat(sent).isBetween(200, 400);
    int calls = scene.op().calls("introspect").size();
    assertThat(ask(flood, "invented-after-all").status()).isEqualTo(429);
    assertThat(App.made(ask(flood, known))).isTrue();
    assertThat(scene.op().calls("introspect")).hasSize(calls);
    assertThat(App.made(ask(scene.op().opaqueToken(active())))).isTrue();

    scene.clock().pass(Duration.ofSeconds(10));
    assertThat(App.made(ask(flood, scene.op().opaqueToken(active())))).isTrue();
  }

  @Test
  @Rule("TH-DOS-7")
  void anOfficeFullOfGoodTokensIsNoFlood() {
    Browser office = scene.browser();

    for (int i = 0; i < 300; i++) {
      assertThat(App.made(ask(office, scene.op().opaqueToken(active())))).as("%d", i).isTrue();
    }
    for (int i = 0; i < 300; i++) {
      assertThat(ask(office, "one-that-has-expired").status()).as("%d", i).isEqualTo(401);
    }
    assertThat(App.made(ask(office, scene.op().opaqueToken(active())))).isTrue();
  }
}
