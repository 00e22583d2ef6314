package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Json;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code /gatehouse/session}: a script asks who the user is and when the session ends. */
@OverHttp2
class SessionEndpointTest extends ContractTest {
  private static final Ask QUESTION =
      Ask.get("/gatehouse/session").kind(Ask.Kind.XHR).site("same-origin");

  @Test
  void tellsWhoAndUntilWhen() {
    Reply reply = scene.signedIn().send(QUESTION);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).startsWith("application/json");
    assertThat(reply.header("Cache-Control")).contains("no-store");
    Map<String, Object> session = Json.object(reply.body());
    assertThat(session)
        .containsEntry("issuer", scene.op().issuer())
        .containsEntry("subject", "alice-1")
        .containsEntry("name", "Alice A");
    Instant now = scene.clock().instant();
    assertThat(Instant.parse((String) session.get("idle_expires_at"))).isAfter(now);
    assertThat(Instant.parse((String) session.get("expires_at")))
        .isBetween(now.plusSeconds(8 * 3600 - 120), now.plusSeconds(8 * 3600));
  }

  @Test
  void tellsAStrangerNothingAndStartsNoLogin() {
    Browser browser = scene.browser();
    Reply reply = browser.send(QUESTION);

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.location()).isNull();
    assertThat(browser.cookies()).isEmpty();
  }

  @Test
  void cannotBeReadFromAnotherSite() {
    Browser browser = scene.signedIn();
    Reply reply =
        browser.send(
            QUESTION
                .site("cross-site")
                .header("Origin", "https://evil.example")
                .header("Cookie", browser.cookieField()));

    assertThat(reply.header("Access-Control-Allow-Origin")).isNull();
    assertThat(reply.header("Access-Control-Allow-Credentials")).isNull();
  }

  @Test
  void takesNoOtherMethod() {
    Reply reply = scene.signedIn().send(Ask.of("POST", "/gatehouse/session").site("same-origin"));

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
  }
}
