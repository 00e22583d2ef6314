package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A trusted nginx or Apache asks about requests that it sends to the app itself. */
class ForwardAuthTest extends ContractTest {
  private static final String ENDPOINT = "/gatehouse/auth";
  private static final String LOCATION = "Gatehouse-Location";

  @Override
  protected String configuration() {
    return """
    trusted-proxies: [127.0.0.0/8]
    forward-auth: {enabled: true, request: x-original}
    bearer: {audience: https://api.example, validation: jwt}
    rules:
      - {path: /public/**, access: anonymous}
      - {path: /optional/**, access: optional}
      - {path: /denied/**, access: deny}
      - {path: /admin/**, access: login, require: {groups: admins}}
      - {path: /form, access: anonymous}
      - {path: /form, methods: [DELETE], access: deny}
      - {path: /api/**, access: bearer, scopes: [read]}
      - {path: /old/**, access: login, path-parameters: forward}
    """;
  }

  /** The question of nginx about a GET by that browser. */
  private static Ask about(String target) {
    return about("GET", target);
  }

  private static Ask about(String method, String target) {
    return Ask.get(ENDPOINT).header("X-Original-URI", target).header("X-Original-Method", method);
  }

  private void assertPasses(Reply reply) {
    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    assertThat(reply.body()).isEmpty();
    assertAppUnreached();
  }

  private void assertRefusedWith(int status, Reply reply) {
    assertThat(reply.status()).as("%s", reply).isEqualTo(status);
    assertThat(reply.header("X-Gatehouse-User")).isNull();
    assertThat(reply.header("Location")).isNull();
    assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    assertAppUnreached();
  }

  @Test
  void requestWithASessionPassesWithTheFieldsForTheApp() {
    Reply reply = scene.signedIn().send(about("/x?a=1&b=%2F"));

    assertPasses(reply);
    assertThat(reply.header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(reply.header("X-Gatehouse-Groups")).isEqualTo("users,everyone");
    assertThat(reply.headers("X-Forwarded-For")).isEmpty();
  }

  @Test
  void requestToAnOpenPagePassesWithoutAUser() {
    for (Browser browser : List.of(scene.browser(), scene.signedIn())) {
      Reply reply = browser.send(about("/public/x"));

      assertPasses(reply);
      assertThat(reply.header("X-Gatehouse-User")).isNull();
    }
    Reply known = scene.signedIn().send(about("/optional/x"));
    assertPasses(known);
    assertThat(known.header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(scene.browser().send(about("/optional/x")).header("X-Gatehouse-User")).isNull();
  }

  @Test
  void navigationWithoutASessionIsToldTheWayToTheOp() {
    Browser browser = scene.browser();

    Reply reply = browser.send(about("/deep?a=1&b=2"));

    assertRefusedWith(401, reply);
    assertThat(reply.header("WWW-Authenticate")).isNotNull();
    assertThat(reply.header(LOCATION)).startsWith(scene.op().issuer() + "/authorize?");
    assertThat(reply.header("Gatehouse-Set-Cookie-1")).startsWith("__Host-gh_t.");
  }

  @Test
  @Rule("TH-AUTHZ-12")
  @Rule("TH-AUTHZ-13")
  void whatIsNoNavigationIsToldNoWay() {
    Browser browser = scene.browser();

    for (Ask ask :
        List.of(
            about("POST", "/x"),
            about("/x").kind(Ask.Kind.XHR),
            about("/x").kind(Ask.Kind.IMAGE),
            about("/x").header("Sec-Purpose", "prefetch"))) {
      Reply reply = browser.send(ask);
      assertRefusedWith(401, reply);
      assertThat(reply.header(LOCATION)).isNull();
      assertThat(reply.headers("Gatehouse-Set-Cookie-1")).isEmpty();
    }
    assertThat(browser.send(about("/x")).header(LOCATION)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/admin/x, 403",
    "/denied/x, 403",
    "/gatehouse/session, 403",
    "/gatehouse/auth, 403",
    "/Gatehouse/callback, 403",
    "/%67atehouse/login, 403"
  })
  void whatARuleRefusesIsForbidden(String target, int status) {
    assertRefusedWith(status, scene.signedIn().send(about(target)));
  }

  @Test
  void ruleIsThatOfTheOriginalRequest() {
    Browser root = scene.signedIn(Plan.honest().user(StubOp.ROOT));

    assertPasses(root.send(about("/admin/x")));
    assertPasses(scene.browser().send(about("POST", "/form")));
    assertRefusedWith(403, scene.browser().send(about("DELETE", "/form")));
  }

  @ParameterizedTest
  @Rule("TH-PATH-2")
  @Rule("TH-PATH-3")
  @Rule("TH-PATH-4")
  @Rule("TH-PATH-5")
  @ValueSource(
      strings = {
        "/public/..%2fadmin/x",
        "/public/../admin/x",
        "/public/%2e%2e/admin/x",
        "//admin/x",
        "/public//x",
        "/public/..;/admin/x",
        "/public;a=b/x",
        "/public/%252e%252e/admin",
        "/public/%c0%ae%c0%ae/admin",
        "/public\\..\\admin",
        "/public/%00",
        "/public/x;jsessionid=1",
      })
  void ambiguousPathIsRefused(String target) {
    Browser root = scene.signedIn(Plan.honest().user(StubOp.ROOT));

    assertRefusedWith(403, root.send(about(target)));
    assertPasses(root.send(about("/public/x")));
  }

  @Test
  @Rule("TH-PATH-4")
  void sessionIdInAPathPassesWhereTheRuleForwardsIt() {
    assertPasses(scene.signedIn().send(about("/old/x;jsessionid=1")));
    assertRefusedWith(403, scene.signedIn().send(about("/x;jsessionid=1")));
    assertPasses(scene.signedIn().send(about("/x")));
  }

  @ParameterizedTest
  @Rule("TH-HTTP-8")
  @ValueSource(
      strings = {
        "X-Forwarded-Uri: /public/x",
        "X-Forwarded-Method: GET",
        "X-Original-URL: /public/x",
        "X-Original-URI: /public/x",
        "X-Original-URI: /x",
        "X-Original-Method: GET",
        "X-Original-Method: POST",
        "X-Rewrite-URL: /public/x",
        "X-HTTP-Method-Override: DELETE",
        "X-Method-Override: GET",
        "X-HTTP-Method: GET",
        "X-Forwarded-Path: /public",
        "X-Forwarded-Proto: http",
        "X-Forwarded-Host: app.example",
      })
  void questionThatCanBeReadInTwoWaysIsRefused(String field) {
    Browser browser = scene.signedIn();
    String name = field.substring(0, field.indexOf(':'));
    Ask plain = about("/x").header("X-Forwarded-Host", "app.example");

    assertRefusedWith(400, browser.send(plain.header(name, field.substring(name.length() + 2))));
    assertPasses(browser.send(plain));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "http://evil.example/x",
        "https://app.example.evil.example/x",
        "https://app.example@evil.example/x",
        "https://app.example",
        "/a b",
        "/x#y",
        "*",
        "/x\u0080",
      })
  void questionAboutNoTargetOfOursIsRefused(String target) {
    Browser browser = scene.signedIn();

    assertRefusedWith(400, browser.send(about(target)));
    assertPasses(browser.send(about("/x")));
  }

  @Test
  void questionWithoutMethodOrTargetIsRefused() {
    Browser browser = scene.signedIn();
    Ask target = Ask.get(ENDPOINT).header("X-Original-URI", "/x");

    assertRefusedWith(400, browser.send(Ask.get(ENDPOINT)));
    assertRefusedWith(400, browser.send(target));
    assertRefusedWith(400, browser.send(target.header("X-Original-Method", "GET /")));
    assertRefusedWith(400, browser.send(Ask.get(ENDPOINT).header("X-Original-Method", "GET")));
    assertPasses(browser.send(target.header("X-Original-Method", "GET")));
  }

  @Test
  @Rule("TH-HTTP-10")
  void methodThatReflectsIsRefused() {
    Browser browser = scene.signedIn();

    assertRefusedWith(403, browser.send(about("TRACE", "/x")));
    assertRefusedWith(403, browser.send(about("CONNECT", "/public/x")));
    assertPasses(browser.send(about("PROPFIND", "/x")));
  }

  @Test
  void absoluteUrlOfIngressIsTaken() {
    Ask ask = Ask.get(ENDPOINT).header("X-Original-Method", "GET");
    Browser browser = scene.signedIn();

    assertPasses(browser.send(ask.header("X-Original-URL", "https://app.example/x?a=1")));
    assertPasses(
        browser.send(
            ask.header("X-Original-URL", "https://app.example/x").header("X-Original-URI", "/x")));
    assertRefusedWith(400, browser.send(ask.header("X-Original-URL", "https://other.example/x")));
  }

  @Test
  @Rule("TH-HTTP-6")
  void questionAboutAnotherHostIsMisdirected() {
    Browser browser = scene.signedIn();

    Reply reply = browser.send(about("/x").header("Host", "evil.example"));

    assertThat(reply.status()).isEqualTo(421);
    assertPasses(
        browser.send(
            about("/x")
                .header("Host", "gatehouse.internal:8443")
                .header("X-Forwarded-Host", "app.example")));
  }

  @ParameterizedTest
  @Rule("TH-HDR-1")
  @Rule("TH-HDR-2")
  @ValueSource(
      strings = {
        "X-Gatehouse-User",
        "x-gatehouse-groups",
        "X_Gatehouse_User",
        "x_gatehouse-user",
        "X-GATEHOUSE_GROUPS",
        "X.Gatehouse.User",
        "x-gatehouse.email"
      })
  void identityFieldOfTheClientIsRefusedEverywhere(String name) {
    for (String target : List.of("/public/x", "/x")) {
      Ask ask = about(target).header("X-Gatehouse-Nothing", "x");

      assertRefusedWith(403, scene.signedIn().send(ask.header(name, "admin")));
      assertPasses(scene.signedIn().send(ask));
    }
  }

  /** What it holds the proxy keeps, so it is not waited for. */
  @Test
  void requestWithABodyIsJudgedWithoutIt() {
    assertPasses(scene.signedIn().send(about("POST", "/x").kind(Ask.Kind.XHR).site("same-origin")));
    assertRefusedWith(403, scene.signedIn().send(about("POST", "/denied/x")));
  }

  /** A proxy that keeps Upgrade to itself leaves the rest of the handshake. */
  @ParameterizedTest
  @Rule("TH-HTTP-11")
  @CsvSource({"Sec-WebSocket-Key, dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version, 13"})
  void webSocketOfAnotherOriginIsRefusedHoweverTheProxyTellsOfIt(String name, String value) {
    Ask handshake = about("/x").kind(Ask.Kind.XHR).header(name, value);

    assertPasses(scene.signedIn().send(handshake.header("Origin", "https://app.example")));
    for (String origin : List.of("https://evil.example", "null")) {
      assertRefusedWith(403, scene.signedIn().send(handshake.header("Origin", origin)));
    }
    assertRefusedWith(403, scene.signedIn().send(handshake));
  }

  @Test
  @Rule("TH-SES-6")
  void appGetsItsOwnCookiesAndNoneOfTheGateways() {
    Browser browser = scene.signedIn().cookie("JSESSIONID", "abc");

    Reply reply = browser.send(about("/x"));

    assertPasses(reply);
    assertThat(reply.header("Cookie")).isEqualTo("JSESSIONID=abc");
    assertThat(scene.signedIn().send(about("/x")).header("Cookie")).isNull();
  }

  @Test
  @Rule("TH-BEAR-21")
  void accessTokenLetsPassAndStaysHere() {
    String token =
        scene
            .op()
            .accessToken(
                TokenRecipe.correct().header("typ", "at+jwt").claim("scope", "read"), Map.of());
    Ask ask = about("/api/x").kind(Ask.Kind.XHR);

    Reply reply = scene.browser().send(ask.header("Authorization", "Bearer " + token));

    assertPasses(reply);
    assertThat(reply.header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(reply.whole()).doesNotContain(token);
    assertRefusedWith(401, scene.browser().send(ask.header("Authorization", "Bearer x")));
    Reply none = scene.browser().send(ask);
    assertRefusedWith(401, none);
    assertThat(none.header("WWW-Authenticate")).startsWith("Bearer realm=");
  }

  @Test
  @Rule("TH-LEAK-2")
  void tokenInTheQueryIsRefused() {
    Browser browser = scene.signedIn();

    assertRefusedWith(403, browser.send(about("/x?a=1&access_token=secret-of-somebody")));
    assertPasses(browser.send(about("/x?a=1&access_tokens=no")));
  }

  @Test
  @Rule("TH-LEAK-4")
  @Rule("TH-LEAK-5")
  void tokenThatNobodyCanStripDoesNotPass() {
    try (Scene stripping = Scene.open(door, configuration() + "token-hygiene: strip\n")) {
      Browser browser = stripping.signedIn();
      Reply navigation = browser.send(about("/x?a=%2F&access_token=secret-of-somebody&c"));

      assertThat(navigation.status()).as("%s", navigation).isEqualTo(401);
      assertThat(navigation.header(LOCATION)).startsWith("/x?a=%2F&c");
      Ask script = about("/x?a=1&access_token=secret-of-somebody").kind(Ask.Kind.XHR);
      assertThat(browser.send(script).status()).isEqualTo(403);
      assertThat(browser.send(about("/x?a=1").kind(Ask.Kind.XHR)).status()).isEqualTo(200);
    }
  }

  @Test
  @Rule("TH-LEAK-11")
  void refererForTheAppHasNoToken() {
    Browser browser = scene.signedIn();
    String page = "https://app.example/p";

    Reply leaky = browser.send(about("/x").header("Referer", page + "?access_token=secret"));
    assertPasses(leaky);
    assertThat(leaky.header("Referer")).isEqualTo(page);
    Reply honest = browser.send(about("/x").header("Referer", page + "?a=1"));
    assertThat(honest.header("Referer")).isEqualTo(page + "?a=1");
  }

  @Test
  void basicCredentialsOfTheAppPass() {
    Reply reply = scene.signedIn().send(about("/x").header("Authorization", "Basic YTpi"));

    assertPasses(reply);
    assertThat(reply.header("Authorization")).isEqualTo("Basic YTpi");
  }

  @Test
  @Rule("TH-HTTP-11")
  void webSocketFromAnotherSiteIsForbidden() {
    Browser browser = scene.signedIn();
    Ask upgrade =
        about("/chat")
            .kind(Ask.Kind.WEBSOCKET)
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket");

    assertRefusedWith(403, browser.send(upgrade.header("Origin", "https://evil.example")));
    assertPasses(browser.send(upgrade.header("Origin", "https://app.example")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "OPTIONS"})
  void questionMayHaveAnyMethod(String method) {
    Ask ask =
        Ask.of(method, ENDPOINT).header("X-Original-URI", "/x").header("X-Original-Method", "GET");

    assertThat(scene.signedIn().send(ask).status()).isEqualTo(200);
    assertThat(scene.browser().send(ask.kind(Ask.Kind.XHR)).status()).isEqualTo(401);
  }

  @Test
  void fieldsOfTheBodyAreThoseOfAnotherBody() {
    Ask form = about("POST", "/x").header("Content-Type", "application/x-www-form-urlencoded");

    assertPasses(scene.signedIn().send(form.site("same-origin")));
  }

  @Test
  void questionsAreNotForOtherPaths() {
    assertThat(scene.signedIn().send(Ask.get(ENDPOINT + "/x")).status()).isEqualTo(404);
  }

  @Test
  @Rule("TH-AUTHZ-4")
  void loginThatBeginsHereEndsAtThePageThatWasAskedFor() {
    Browser browser = scene.browser();
    Reply asked = browser.send(about("/deep?a=1&b=%2F"));
    String line = asked.header("Gatehouse-Set-Cookie-1");
    int equals = line.indexOf('=');
    browser.cookie(line.substring(0, equals), line.substring(equals + 1, line.indexOf(';')));

    Reply atOp = browser.send(Ask.get(asked.header(LOCATION)).site("cross-site"));
    Reply back = browser.send(Ask.get(atOp.location()).site("cross-site"));

    assertThat(back.status()).as("%s", back).isEqualTo(303);
    assertThat(back.location()).isEqualTo("/deep?a=1&b=%2F#");
    assertPasses(browser.send(about("/deep?a=1&b=%2F")));
  }
}
