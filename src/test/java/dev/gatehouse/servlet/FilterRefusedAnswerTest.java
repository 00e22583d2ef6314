package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Reply;
import java.net.URLEncoder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer that must not reach the browser does not, however the app makes it. */
class FilterRefusedAnswerTest extends FilterInContainers {
  FilterRefusedAnswerTest(ContainerKind kind) {
    super(kind);
  }

  private static Reply script(String... steps) {
    String query =
        Stream.of(steps)
            .map(step -> "do=" + URLEncoder.encode(step, UTF_8))
            .collect(Collectors.joining("&"));
    return container.get(APP + "/fields?" + query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set Location /x?refuse-me",
        "add Location /x?refuse-me",
        "set Link </x?refuse-me>;rel=next",
        "redirect /x?refuse-me",
        "see /x?refuse-me",
        "see-also /x?refuse-me"
      })
  @Rule("TH-LEAK-13")
  void pageStandsInForTheAnswer(String step) {
    Reply harmless = script("set X-App made", step.replace("refuse-me", "harmless"));
    assertThat(harmless.whole()).contains("/x?harmless");
    assertThat(harmless.header("X-App")).isEqualTo("made");

    Reply refused =
        script("set X-App made", "write secret", step, "write more", "set X-After y", "error 418");
    assertThat(refused.status()).isEqualTo(502);
    assertThat(refused.text()).isEqualTo("gateway: UPSTREAM_FAILED token-in-answer");
    assertThat(refused.whole()).doesNotContain("refuse-me", "secret", "X-App", "X-After");
  }

  @Test
  @Rule("TH-LEAK-13")
  void streamOfTheAppIsCutOffToo() {
    Reply refused = script("stream secret", "set Location /x?refuse-me", "stream more", "reset");
    assertThat(refused.status()).isEqualTo(502);
    assertThat(refused.text()).isEqualTo("gateway: UPSTREAM_FAILED token-in-answer");
  }

  @Test
  @Rule("TH-LEAK-13")
  void fieldBehindTheFirstByteHasNoEffect() {
    Reply reply = script("write begun", "flush", "set Location /x?refuse-me");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.whole()).contains("begun").doesNotContain("refuse-me");
  }

  @Test
  void redirectOfServlet61HasItsStatus() {
    Reply reply = script("write gone", "see /x?harmless");
    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.location()).endsWith("/x?harmless");
    assertThat(reply.text()).isEmpty();
    assertThat(script("see-also /x?harmless").status()).isEqualTo(302);
  }
}
