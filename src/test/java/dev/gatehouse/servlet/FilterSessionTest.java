package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.testkit.Reply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The container's session beside the gateway's. */
class FilterSessionTest extends FilterInContainers {
  FilterSessionTest(ContainerKind kind) {
    super(kind);
  }

  @Test
  @Rule("TH-SES-4")
  void aSessionFromBeforeTheLoginGetsANewId() {
    passAs(FakeForward.nobody(Access.ANONYMOUS));
    String before = sessionCookie(container.get(APP + "/session?note=basket"));
    passAs(FakeForward.as("alice"));

    Reply reply = container.get(APP + "/session?note=more", "Cookie: " + before);

    assertThat(reply.text()).contains("note=basket");
    assertThat(sessionCookie(reply)).isNotEqualTo(before);
    assertThat(container.get(APP + "/session?note=x", "Cookie: " + before).text())
        .contains("note=null");
    assertThat(container.get(APP + "/session?note=x", "Cookie: " + sessionCookie(reply)).headers())
        .noneMatch(field -> field.value().startsWith("JSESSIONID"));
  }

  @Test
  @Rule("TH-SES-4")
  void aSessionOfOneUserNeverServesAnother() {
    String session = sessionCookie(container.get(APP + "/session?note=alices"));
    assertThat(container.get(APP + "/session?note=alices", "Cookie: " + session).text())
        .contains("note=alices");
    passAs(FakeForward.as("bob"));

    Reply reply = container.get(APP + "/session?note=bobs", "Cookie: " + session);

    assertThat(reply.text()).contains("note=null");
    assertThat(sessionCookie(reply)).isNotEqualTo(session);
    passAs(FakeForward.as("alice"));
    assertThat(container.get(APP + "/session?note=x", "Cookie: " + session).text())
        .contains("note=null");
  }

  @Test
  @Rule("TH-SES-4")
  void aSessionOfAUserWhoHasLeftDoesNotServeNobody() {
    String session = sessionCookie(container.get(APP + "/session?note=alices"));
    passAs(FakeForward.nobody(Access.OPTIONAL));

    assertThat(container.get(APP + "/session?note=x", "Cookie: " + session).text())
        .contains("note=null");
  }

  @Test
  @Rule("TH-OUT-9")
  void anAnswerThatTakesTheSessionCookieAwayEndsTheSession() {
    String session = sessionCookie(container.get(APP + "/session?note=alices"));

    answerWithCookie("other=; Max-Age=0", session);
    assertThat(container.get(APP + "/session?note=alices", "Cookie: " + session).text())
        .contains("note=alices");

    answerWithCookie("JSESSIONID=; Max-Age=0; Path=/app", session);
    assertThat(container.get(APP + "/session?note=x", "Cookie: " + session).text())
        .contains("note=null");
  }

  private void answerWithCookie(String setCookie, String session) {
    gate.decideAlways(
        request ->
            new Decision.Answer(
                303, List.of(new HeaderField("Set-Cookie", setCookie)), new byte[0], "logout"));
    assertThat(container.get(APP + "/gatehouse/logout", "Cookie: " + session).status())
        .isEqualTo(303);
    letAlicePass();
  }

  @Test
  @Rule("TH-SES-4")
  void aSessionIdInAUrlIsNoSessionAndIsNeverWritten() {
    Reply first = container.get(APP + "/session?note=alices");
    String id = sessionCookie(first).split("=")[1];

    assertThat(first.text()).contains("url=/x\n");
    assertThat(container.get(APP + "/session;jsessionid=" + id + "?note=x").text())
        .contains("note=null");
  }

  private static String sessionCookie(Reply reply) {
    Optional<String> cookie =
        reply.headers("Set-Cookie").stream()
            .filter(value -> value.startsWith("JSESSIONID="))
            .map(value -> value.split(";")[0])
            .findFirst();
    return cookie.orElseThrow(() -> new AssertionError("no JSESSIONID in " + reply));
  }
}
