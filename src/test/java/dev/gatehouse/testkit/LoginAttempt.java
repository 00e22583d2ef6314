package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/** One login on its way: from the page wanted to the OP and back. */
public final class LoginAttempt {
  private final Browser browser;
  private final Reply start;
  private final StubOp op;
  private String callbackUrl;
  private Form posted;

  private LoginAttempt(Scene scene, Browser browser, Reply start) {
    this.browser = browser;
    this.start = start;
    this.op = scene.opAt(start.location());
  }

  static LoginAttempt begin(Scene scene, Browser browser, String target) {
    Reply start = browser.send(Ask.get(target));
    assertThat(start.status()).as("%s", start).isIn(302, 303);
    assertThat(start.location()).startsWith(scene.opAt(start.location()).issuer() + "/authorize?");
    LoginAttempt attempt = new LoginAttempt(scene, browser, start);
    KnownSecrets.browserSecret(attempt.state());
    if (attempt.request().containsKey("nonce")) {
      KnownSecrets.browserSecret(attempt.request("nonce"));
    }
    return attempt;
  }

  /** The OP that the browser was sent to. */
  public StubOp op() {
    return op;
  }

  /** The answer that sent the browser to the OP. */
  public Reply start() {
    return start;
  }

  /** The parameters of the authentication request, each with all its values. */
  public Map<String, List<String>> request() {
    return op.requestOf(start.locationQuery());
  }

  /** The only value of a parameter of the authentication request. */
  public String request(String name) {
    List<String> values = request().get(name);
    assertThat(values).as(name).hasSize(1);
    return values.get(0);
  }

  /** The state of this attempt. */
  public String state() {
    return request("state");
  }

  /** How this attempt goes at the OP. */
  public LoginAttempt plan(Plan plan) {
    op.plan(state(), plan);
    return this;
  }

  /** The user logs in at the OP, which sends the browser to this URL. */
  public String callbackUrl() {
    if (callbackUrl == null) {
      Reply answer = browser.send(Ask.get(start.location()).site("cross-site"));
      if (answer.status() == 200) {
        posted = Form.in(answer);
        callbackUrl = posted.action() + "?" + Query.write(posted.fields());
      } else {
        assertThat(answer.status()).isEqualTo(302);
        callbackUrl = answer.location();
      }
    }
    return callbackUrl;
  }

  /** The code that the OP hands out. */
  public String code() {
    return Query.first(callbackUrl().split("\\?", 2)[1]).get("code");
  }

  /** The browser follows the OP's redirect, as often as this is called. */
  public Reply comeBack() {
    callbackUrl();
    return browser.send(
        posted == null
            ? Ask.get(callbackUrl).site("cross-site")
            : posted.submission().site("cross-site"));
  }

  /**
   * The same answer of the OP with another query: {@code code} and {@code state} stand for ours.
   */
  public Reply comeBackWith(String query) {
    String callback = callbackUrl().split("\\?", 2)[0];
    String changed =
        query
            .replace("{code}", Query.encode(String.valueOf(code())))
            .replace("{state}", Query.encode(state()));
    return browser.send(Ask.get(callback + changed).site("cross-site"));
  }

  /** The form that the OP's page sends, where that is how it answers. */
  public Form posted() {
    callbackUrl();
    assertThat(posted).as("a form of the OP").isNotNull();
    return posted;
  }

  /** The whole login; the browser has a session afterwards. */
  public LoginAttempt complete() {
    Reply done = comeBack();
    assertThat(done.status()).as("%s", done).isEqualTo(303);
    return this;
  }

  /** Who is logging in. */
  public Browser browser() {
    return browser;
  }
}
