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

/** A trusted Envoy asks: with the client's method and target, behind the endpoint's path. */
class ForwardAuthByPathTest extends ContractTest {
  private static final String REMOVED = "X-Envoy-Auth-Headers-To-Remove";

  @Override
  protected String configuration() {
    return """
    trusted-proxies: [127.0.0.0/8]
    forward-auth: {enabled: true, request: path}
    """;
  }

  private static Ask about(String method, String target) {
    return Ask.of(method, "/gatehouse/auth" + target);
  }

  @Test
  void methodAndTargetOfTheQuestionAreJudged() {
    Reply known = scene.signedIn().send(about("POST", "/x?a=%2F&b"));
    assertThat(known.status()).as("%s", known).isEqualTo(200);
    assertThat(known.header("X-Gatehouse-User")).isEqualTo("alice-1");
    assertThat(scene.signedIn().send(about("GET", "/")).status()).isEqualTo(200);
    assertThat(scene.browser().send(about("GET", "/public/x")).status()).isEqualTo(200);
    assertThat(scene.signedIn().send(about("GET", "/admin/x")).status()).isEqualTo(403);
    assertThat(scene.browser().send(about("POST", "/x")).status()).isEqualTo(401);
    Reply unknown = scene.browser().send(about("GET", "/x?a=1"));
    assertSentToOp(unknown);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-HDR-1")
  @Rule("TH-SES-6")
  void whatTheAppMustNotGetIsNamedForRemoval() {
    Reply anonymous = scene.signedIn().send(about("GET", "/public/x"));

    assertThat(anonymous.header(REMOVED).split(","))
        .contains(
            "x-gatehouse-user", "x-gatehouse-groups", "cookie", "authorization", "x-rewrite-url");
    Reply known = scene.signedIn().cookie("a", "b").send(about("GET", "/x"));
    assertThat(known.header(REMOVED).split(","))
        .contains("authorization")
        .doesNotContain("x-gatehouse-user", "cookie");
    assertThat(known.header("Cookie")).isEqualTo("a=b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/gatehouse/auth/x",
        "/gatehouse/login",
        "/..%2fadmin",
        "/../public/x",
        "//x",
        "/%2e/x",
        "/;x",
      })
  void otherTargetIsRefused(String target) {
    Browser browser = scene.signedIn();

    assertThat(browser.send(about("GET", target)).status()).isIn(400, 403);
    assertAppUnreached();
    assertThat(browser.send(about("GET", "/x")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @Rule("TH-HTTP-8")
  @ValueSource(strings = {"X-Original-URI", "X-Original-URL", "X-Forwarded-Uri", "X-Rewrite-URL"})
  void fieldThatNamesATargetIsRefused(String name) {
    Browser browser = scene.signedIn();

    assertThat(browser.send(about("GET", "/x").header(name, "/x")).status()).isEqualTo(400);
    assertThat(browser.send(about("GET", "/x")).status()).isEqualTo(200);
  }
}
