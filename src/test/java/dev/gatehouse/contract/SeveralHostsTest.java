package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.Json;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One gateway under two host names, each for the users of one OP. */
@OverHttp2
class SeveralHostsTest extends ContractTest {
  private static final String OTHER_URL = "https://other.example";

  @Override
  protected String configuration() {
    return """
        default-provider: staff
        hosts: {other.example: partners}
        session: {store: cookie}
        bearer: {audience: https://api.example}
        rules:
          - {path: /public/**, access: anonymous}
          - {path: /staff/**, access: login, provider: staff}
          - {path: /api/**, access: bearer}
        """;
  }

  @Override
  protected Scene open(DoorKind kind) {
    return Scene.openWithTwoOps(kind, configuration(), op -> {}, op -> {});
  }

  private Browser there() {
    return scene.browserAt(OTHER_URL);
  }

  @Test
  void theHostNamesTheOp() {
    LoginAttempt here = scene.login(scene.browser(), "/x");
    LoginAttempt there = scene.login(there(), "/x?a=b");

    assertThat(here.op()).isSameAs(scene.op());
    assertThat(there.op()).isSameAs(scene.otherOp());
    assertThat(there.request("redirect_uri")).isEqualTo(OTHER_URL + "/gatehouse/callback/partners");
    assertThat(there.comeBack().location()).isEqualTo("/x?a=b#");
    assertThat(scene.userSeen(there.browser(), "/x")).isEqualTo("alice-1");
    assertThat(scene.app().only().header("X-Forwarded-Host")).isEqualTo("other.example");
  }

  @Test
  @Rule("TH-SES-11")
  void aSessionOfOneHostIsNoneAtTheOther() {
    Browser here = scene.signedIn();
    String session = here.cookies().get(Scene.SESSION_COOKIE);
    Browser there = there();
    scene.login(there, "/x").complete();
    String otherSession = there.cookies().get(Scene.SESSION_COOKIE);

    assertNoSession(there().cookie(Scene.SESSION_COOKIE, session));
    assertNoSession(scene.browser().cookie(Scene.SESSION_COOKIE, otherSession));
    assertSession(scene.browser().cookie(Scene.SESSION_COOKIE, session), "alice-1");
    assertSession(there().cookie(Scene.SESSION_COOKIE, otherSession), "alice-1");
  }

  @Test
  @Rule("TH-SES-11")
  @Rule("TH-STATE-2")
  void anAttemptBegunAtOneHostDoesNotEndAtTheOther() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    String query = attempt.callbackUrl().split("\\?", 2)[1];
    Browser thief = there();
    attempt.browser().cookies().forEach(thief::cookie);

    for (String name : new String[] {"staff", "partners"}) {
      assertRefused(
          thief.send(Ask.get("/gatehouse/callback/" + name + "?" + query).site("cross-site")), 403);
    }
    assertNoTokenCall();
    attempt.complete();
  }

  @Test
  void aHostIsForTheUsersOfItsOpAlone() {
    Reply link = there().get("/gatehouse/login?provider=staff&rd=/x");
    assertRefused(link, 400);
    String issuer = Query.encode(scene.op().issuer());
    assertRefused(there().get("/gatehouse/login?iss=" + issuer), 400);
    assertRefused(there().get("/staff/x"), 403);
    Browser partner = there();
    scene.login(partner, "/x").complete();
    assertRefused(partner.get("/staff/x"), 403);
    assertThat(scene.op().calls("authorize")).isEmpty();
  }

  @Test
  void anAccessTokenOfAnotherOpIsWorthNothingAtTheHost() {
    TokenRecipe jwt = TokenRecipe.correct().header("typ", "at+jwt");
    String staff = "Bearer " + scene.op().accessToken(jwt, Map.of());
    String partner =
        "Bearer "
            + scene.otherOp().accessToken(TokenRecipe.correct().header("typ", "at+jwt"), Map.of());

    assertThat(App.made(there().send(bearer(partner)))).isTrue();
    assertThat(App.made(scene.browser().send(bearer(staff)))).isTrue();
    assertThat(App.made(scene.browser().send(bearer(partner)))).isTrue();
    Reply refused = there().send(bearer(staff));
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate")).contains("invalid_token");
  }

  private static Ask bearer(String authorization) {
    return Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", authorization);
  }

  @Test
  @Rule("TH-HTTP-6")
  void noOtherHostIsServed() {
    for (String host : new String[] {"third.example", "other.example.evil.example", "other"}) {
      assertThat(scene.browserAt("https://" + host).get("/public/x").status())
          .as(host)
          .isEqualTo(421);
    }
    assertThat(App.made(there().get("/public/x"))).isTrue();
  }

  @Test
  void aFormOfOneHostIsForeignAtTheOther() {
    Browser partner = there();
    scene.login(partner, "/x").complete();
    Form form = Form.in(partner.get("/gatehouse/logout"));

    assertRefused(
        partner.send(
            Ask.form("/gatehouse/logout", form.fields()).header("Origin", Scene.PUBLIC_URL)),
        403);
    Reply left = partner.send(form.submission());
    assertThat(left.location()).startsWith(scene.otherOp().issuer() + "/end_session?");
    assertThat(left.locationQuery().get("post_logout_redirect_uri"))
        .containsExactly(OTHER_URL + "/gatehouse/logged-out");
    assertNoSession(partner);
  }

  @Test
  @Rule("TH-OUT-6")
  void aLogoutToldToOneHostEndsTheSessionsOfAll() {
    Browser partner = there();
    scene.login(partner, "/x").plan(Plan.honest().claim("sid", "sid-9")).complete();
    Browser staff = scene.signedIn(Plan.honest().claim("sid", "sid-9"));
    String token =
        scene
            .otherOp()
            .logoutToken(TokenRecipe.correct().header("typ", "logout+jwt"), Map.of("sid", "sid-9"));

    Reply told =
        scene
            .browser()
            .send(
                Ask.form("/gatehouse/backchannel-logout", Map.of("logout_token", token))
                    .kind(Ask.Kind.XHR));

    assertThat(told.status()).as("%s", told).isEqualTo(200);
    assertNoSession(partner);
    assertSession(staff, "alice-1");
  }

  @Test
  void theSessionSaysWhoseItIs() {
    Browser partner = there();
    scene.login(partner, "/x").complete();

    Reply reply =
        partner.send(Ask.get("/gatehouse/session").kind(Ask.Kind.XHR).site("same-origin"));
    assertThat(Json.object(reply.body())).containsEntry("provider", "partners");
  }
}
