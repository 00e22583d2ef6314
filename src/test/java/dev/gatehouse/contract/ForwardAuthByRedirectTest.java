package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trusted Traefik or Caddy asks, and hands a refusal to the browser as it is. */
class ForwardAuthByRedirectTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
    trusted-proxies: [127.0.0.0/8]
    forward-auth: {enabled: true, request: x-forwarded}
    """;
  }

  private static Ask about(String method, String target) {
    return Ask.get("/gatehouse/auth")
        .header("Host", "gatehouse:8443")
        .header("X-Forwarded-Host", "app.example")
        .header("X-Forwarded-Proto", "https")
        .header("X-Forwarded-Method", method)
        .header("X-Forwarded-Uri", target);
  }

  private void assertPasses(Reply reply) {
    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    assertAppUnreached();
  }

  @Test
  void navigationIsSentToTheOpWithItsCookie() {
    Browser browser = scene.browser();

    Reply reply = browser.send(about("GET", "/deep?a=1"));

    assertSentToOp(reply);
    assertThat(reply.cookies()).anyMatch(cookie -> cookie.name().startsWith("__Host-gh_t."));
    Reply atOp = browser.send(Ask.get(reply.location()).site("cross-site"));
    Reply back = browser.send(Ask.get(atOp.location()).site("cross-site"));
    assertThat(back.location()).isEqualTo("/deep?a=1#");
    Reply passed = browser.send(about("GET", "/deep?a=1"));
    assertPasses(passed);
    assertThat(passed.header("X-Gatehouse-User")).isEqualTo("alice-1");
  }

  @Test
  void refusalIsThePageThatTheUserWouldHaveSeen() {
    assertRefused(scene.signedIn().send(about("GET", "/admin/x")), 403);
    assertRefused(scene.signedIn().send(about("GET", "/public/../admin")), 400);
    assertRefused(scene.browser().send(about("POST", "/x")), 401);
    assertRefused(scene.signedIn().send(about("GET", "/gatehouse/logout")), 403);
    assertPasses(scene.browser().send(about("POST", "/public/x")));
  }

  @ParameterizedTest
  @Rule("TH-HTTP-8")
  @ValueSource(
      strings = {
        "X-Original-URI: /public/x",
        "X-Original-URL: /public/x",
        "X-Original-Method: GET",
        "X-Forwarded-Uri: /public/x",
        "X-Forwarded-Uri: /x",
        "X-Forwarded-Method: GET",
        "X-Forwarded-Host: app.example",
        "X-Forwarded-Proto: https",
        "X-HTTP-Method-Override: GET",
      })
  void secondWordOnTheSameRequestIsRefused(String field) {
    Browser browser = scene.signedIn();
    String name = field.substring(0, field.indexOf(':'));
    Ask plain = about("GET", "/x");

    Reply reply = browser.send(plain.header(name, field.substring(name.length() + 2)));

    assertThat(reply.status()).as("%s", reply).isEqualTo(400);
    assertPasses(browser.send(plain));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "ws", "", "https, http", "ftp"})
  void requestThatCameByAnotherSchemeIsRefused(String scheme) {
    Ask ask =
        Ask.get("/gatehouse/auth")
            .header("X-Forwarded-Method", "GET")
            .header("X-Forwarded-Uri", "/x");

    assertThat(scene.signedIn().send(ask.header("X-Forwarded-Proto", scheme)).status())
        .isEqualTo(400);
    assertPasses(scene.signedIn().send(ask.header("X-Forwarded-Proto", "https")));
    assertPasses(scene.signedIn().send(ask.header("X-Forwarded-Proto", "wss")));
  }
}
