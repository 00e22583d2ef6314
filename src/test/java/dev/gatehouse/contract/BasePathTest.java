package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An app that lives below a path of its host, such as a web application in a container. */
@OverHttp2
class BasePathTest extends ContractTest {
  @Override
  protected String configuration() {
    return "public-url: https://app.example/shop";
  }

  @Test
  void loginGoesOutAndComesBackBelowThePath() {
    LoginAttempt attempt = scene.login(scene.browser(), "/shop/deep/link?x=1");

    assertThat(attempt.request("redirect_uri"))
        .isEqualTo("https://app.example/shop/gatehouse/callback");
    assertThat(attempt.comeBack().location()).isEqualTo("/shop/deep/link?x=1#");
    assertThat(scene.userSeen(attempt.browser(), "/shop/deep/link?x=1")).isEqualTo("alice-1");
    assertThat(scene.app().only().target()).isEqualTo("/shop/deep/link?x=1");
  }

  @Test
  void rulesAreRelativeToThePath() {
    assertThat(App.made(scene.browser().get("/shop/public/x"))).isTrue();
    assertSentToOp(scene.browser().get("/shop/x"));
    assertThat(scene.browser().get("/shop/denied/x").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/public/x", "/shopping/public/x", "/gatehouse/login", "/Shop/x"})
  @Rule("TH-PATH-7")
  void nothingBesideThePathIsServed(String path) {
    Reply reply = scene.browser().get(path);

    assertThat(reply.status()).isBetween(400, 499);
    assertThat(reply.cookies()).isEmpty();
    assertAppUnreached();
  }

  @Test
  @Rule("TH-REDIR-5")
  void returnTargetsStayBelowThePath() {
    for (String target : new String[] {"/other", "/shop/gatehouse/logout", "//e.test", "/shopx"}) {
      LoginAttempt attempt = scene.login(scene.browser(), "/shop/gatehouse/login?rd=" + target);
      assertThat(attempt.comeBack().location()).isEqualTo("/shop/#");
    }
    LoginAttempt good = scene.login(scene.browser(), "/shop/gatehouse/login?rd=/shop/ok");
    assertThat(good.comeBack().location()).isEqualTo("/shop/ok#");
  }

  @Test
  void pagesLinkBelowThePath() {
    Browser browser = scene.browser();
    scene.login(browser, "/shop/x").complete();
    Form form = Form.in(browser.get("/shop/gatehouse/logout"));

    assertThat(form.action()).isEqualTo("/shop/gatehouse/logout");
    Reply reply = browser.send(form.submission());
    assertThat(reply.locationQuery().get("post_logout_redirect_uri"))
        .containsExactly("https://app.example/shop/gatehouse/logged-out");
    assertThat(scene.browser().get("/shop/gatehouse/callback").text()).contains("href=\"/shop/\"");
  }
}
