package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session comes of a login at our OP that this browser began, and of nothing else. */
@OverHttp2
class ForeignTokenTest extends ContractTest {
  private static final Map<String, String> TOKENS =
      Map.of(
          "access_token", "a-token-of-another-client",
          "id_token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290LTAifQ.",
          "code", "a-code-of-another-client");

  @ParameterizedTest
  @Rule("TH-IDT-15")
  @ValueSource(strings = {"callback", "login", "session", "logout", "logged-out"})
  void tokenFromOutsideNeverMakesASession(String path) {
    Browser browser = scene.browser();
    String own = "/gatehouse/" + path;
    List<Reply> replies =
        List.of(
            browser.send(Ask.form(own, TOKENS)),
            browser.get(own + "?" + Query.write(TOKENS)),
            browser.send(Ask.get(own).header("Authorization", "Bearer " + TOKENS.get("id_token"))));

    assertThat(replies)
        .allSatisfy(
            reply ->
                assertThat(reply.cookies())
                    .noneMatch(c -> c.name().equals(Scene.SESSION_COOKIE) && !c.deletes()));
    assertNoSession(browser);
    assertNoTokenCall();
  }

  @Test
  @Rule("TH-CSRF-6")
  void loginThatNamesAnotherIssuerIsRefused() {
    String login = "/gatehouse/login?rd=/x&iss=";

    assertRefused(scene.browser().get(login + "https://evil.example"), 400);
    assertRefused(scene.browser().get(login + Query.encode(scene.op().issuer() + "/")), 400);
    assertSentToOp(scene.browser().get(login + Query.encode(scene.op().issuer())));
  }

  @Test
  @Rule("TH-SEC-8")
  void signInAndSignOutAreLinkedInTheAuditLog() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x").complete();
    Browser browser = attempt.browser();
    browser.send(Form.in(browser.get("/gatehouse/logout")).submission());

    String signIn = event("sign-in");
    String signOut = event("sign-out");
    assertThat(signIn).contains("alice-1").contains(browser.address()).contains("session=");
    assertThat(sessionIn(signIn)).isEqualTo(sessionIn(signOut));
  }

  private static String event(String event) {
    return LeakWatch.lines().stream()
        .filter(line -> line.contains("dev.gatehouse.audit") && line.contains(event))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no audit event " + event));
  }

  private static String sessionIn(String event) {
    Matcher session = Pattern.compile("session=\"?([^\",\\]]+)").matcher(event);
    assertThat(session.find()).as(event).isTrue();
    return session.group(1);
  }
}
