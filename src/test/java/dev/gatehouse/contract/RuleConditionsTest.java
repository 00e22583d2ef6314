package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rule wants of a user beside a login: claims, contexts, and from where he comes. */
class RuleConditionsTest extends ContractTest {
  private static final String INSIDE = "10.1.2.3";
  private static final String OUTSIDE = "203.0.113.7";

  @Override
  protected String configuration() {
    return """
    trusted-proxies: [127.0.0.0/8]
    rules:
      - path: /planning/**
        access: login
        require: {any: [{groups: [admins, ops]}, {all: [{dept: it}, {not: {status: external}}]}]}
      - {path: /gold/**, access: login, acr: [platinum, gold]}
      - {path: /inside/**, access: login, networks: [10.0.0.0/8, "2001:db8::/32"]}
      - {path: /wide/**, access: anonymous}
      - {path: /wide/inner/**, access: anonymous, networks: [10.0.0.0/8]}
      - {path: /wide/inner/admin/**, access: login, require: {groups: admins}}
      - {path: /wide/inner/admin/status, access: anonymous, networks: [10.0.0.0/8]}
      - {path: /wide/closed/**, access: deny}
    """;
  }

  private Browser user(String name, Object value, String other, Object otherValue) {
    return scene.signedIn(Plan.honest().claim(name, value).claim(other, otherValue));
  }

  @Test
  void claimsAreCombinedAsTheRuleSays() {
    for (Browser in :
        List.of(
            user("groups", List.of("ops"), "status", "external"),
            user("dept", "it", "status", "internal"),
            user("dept", List.of("hr", "it"), "status", List.of("internal", "trainer")))) {
      assertThat(scene.userSeen(in, "/planning/x")).isEqualTo("alice-1");
    }
    scene.app().forget();
    for (Browser out :
        List.of(
            user("dept", "it", "status", "external"),
            user("dept", "hr", "status", "internal"),
            user("dept", "it", "status", List.of("internal", "external")),
            user("groups", "Admins", "dept", "hr"))) {
      scene.app().forget();
      assertRefused(out.get("/planning/x"), 403);
      assertAppUnreached();
    }
  }

  /** What the claims do not tell is a no, also behind a not. */
  @ParameterizedTest
  @ValueSource(strings = {"", " ", "External", "external "})
  void claimThatDoesNotTellOpensNothing(String status) {
    assertThat(scene.userSeen(user("dept", "it", "status", "internal"), "/planning/x"))
        .isEqualTo("alice-1");
    scene.app().forget();

    Browser unclear = user("dept", "it", "status", status);
    Browser silent = scene.signedIn(Plan.honest().claim("dept", "it"));
    scene.app().forget();
    assertRefused(unclear.get("/planning/x"), 403);
    assertRefused(silent.get("/planning/x"), 403);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-AUTHZ-14")
  void contextOfTheRuleIsAskedForAndDemanded() {
    Browser browser = scene.signedIn();
    scene.app().forget();

    LoginAttempt stepUp = scene.login(browser, "/gold/x");
    assertThat(stepUp.request("acr_values")).isEqualTo("platinum gold");
    assertAppUnreached();

    stepUp.plan(Plan.honest().idToken(TokenRecipe.correct().claim("acr", "gold"))).comeBack();
    assertThat(scene.userSeen(browser, "/gold/x")).isEqualTo("alice-1");
  }

  private static Ask from(String address, Ask ask) {
    return ask.header("X-Forwarded-For", address);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0, true",
    "10.255.255.255, true",
    "::ffff:10.1.2.3, true",
    "2001:db8:1::7, true",
    "9.255.255.255, false",
    "11.0.0.0, false",
    "2001:db9::1, false",
    "'10.1.2.3, 203.0.113.7', false",
    "10.1.2.3.example, false",
    "unknown, false",
  })
  void onlyFromItsNetworksTheRuleLetsAnybodyPass(String address, boolean in) {
    Browser user = scene.signedIn();
    scene.app().forget();
    assertThat(App.made(user.send(from(INSIDE, Ask.get("/inside/x"))))).isTrue();
    scene.app().forget();

    Reply reply = user.send(from(address, Ask.get("/inside/x")));

    if (in) {
      assertThat(App.made(reply)).isTrue();
    } else {
      assertRefused(reply, 403);
      assertAppUnreached();
      // Nobody is sent to the OP for what he will not get.
      assertRefused(scene.browser().send(from(address, Ask.get("/inside/x"))), 403);
    }
  }

  @Test
  void whatOpensForANetworkOpensNothingForOthers() {
    Browser stranger = scene.browser();
    for (String path : List.of("/wide/inner/x", "/wide/inner/admin/status", "/wide/x")) {
      assertThat(App.made(stranger.send(from(INSIDE, Ask.get(path))))).as(path).isTrue();
    }
    scene.app().forget();

    // Not what is around it: that is open to everybody.
    assertSentToOp(stranger.send(from(OUTSIDE, Ask.get("/wide/inner/x"))));
    assertSentToOp(stranger.send(from(OUTSIDE, Ask.get("/wide/inner/admin/status"))));
    assertThat(stranger.send(from(INSIDE, Ask.get("/wide/closed/x"))).status()).isEqualTo(403);
    assertAppUnreached();

    // A login is enough where no other rule wants more.
    Browser alice = scene.signedIn();
    scene.app().forget();
    assertThat(App.made(alice.send(from(OUTSIDE, Ask.get("/wide/inner/x"))))).isTrue();
    scene.app().forget();
    assertRefused(alice.send(from(OUTSIDE, Ask.get("/wide/inner/admin/status"))), 403);
    assertAppUnreached();
    Browser root = scene.signedIn(Plan.honest().user(StubOp.ROOT));
    assertThat(App.made(root.send(from(OUTSIDE, Ask.get("/wide/inner/admin/status"))))).isTrue();
  }
}
