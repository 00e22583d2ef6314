package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Reply;
import java.net.URLEncoder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The app's answers on their way to the browser. */
class FilterResponseTest extends FilterInContainers {
  FilterResponseTest(ContainerKind kind) {
    super(kind);
  }

  @Test
  @Rule("TH-SES-10")
  void theGatewaysFieldsStandInAnAnswerThatSaysNothing() {
    Reply reply = container.get(APP + "/spy");

    assertThat(reply.headers("Cache-Control")).containsExactly("private, no-store");
    assertThat(reply.headers("Vary")).containsExactly("Cookie, Authorization");
    assertThat(reply.headers("Set-Cookie")).containsExactly("gh_s=renewed; Path=/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"set", "add"})
  @Rule("TH-SES-10")
  void whatTheAppSaysOfCachingReplacesTheDefaultButIsMadePrivate(String how) {
    Reply reply = fields(how + " Cache-Control public, max-age=60");

    assertThat(reply.headers("Cache-Control")).containsExactly("private, max-age=60");
  }

  @Test
  void whatTheAppSetsStandsBesideWhatTheGatewayAdds() {
    Reply reply = fields("set Vary Accept", "set Set-Cookie own=1", "add Set-Cookie own=2");

    assertThat(reply.headers("Vary")).containsExactlyInAnyOrder("Accept", "Cookie, Authorization");
    assertThat(reply.headers("Set-Cookie"))
        .containsExactlyInAnyOrder("gh_s=renewed; Path=/", "own=1", "own=2");
  }

  @Test
  @Rule("TH-SES-6")
  void theAppSetsNoCookieOfTheGateway() {
    Reply reply =
        fields(
            "cookie own 1",
            "cookie gh_s evil",
            "set Set-Cookie gh_s=evil",
            "add Set-Cookie gh_s=e");

    assertThat(reply.headers("Set-Cookie"))
        .hasSize(2)
        .contains("gh_s=renewed; Path=/")
        .anyMatch(value -> value.startsWith("own=1"));
  }

  @Test
  @Rule("TH-SES-6")
  void anotherThreadSetsNoCookieOfTheGatewayEither() {
    assertThat(container.get(APP + "/async-thread").headers("Set-Cookie"))
        .hasSize(2)
        .contains("gh_s=renewed; Path=/")
        .anyMatch(value -> value.startsWith("own=kept"));
  }

  @Test
  @Rule("TH-SES-10")
  void resetTakesTheAppsFieldsAndLeavesTheGateways() {
    Reply reply = fields("set Cache-Control public", "set X-Own 1", "reset");

    assertThat(reply.headers("Cache-Control")).containsExactly("private, no-store");
    assertThat(reply.headers("Set-Cookie")).containsExactly("gh_s=renewed; Path=/");
    assertThat(reply.headers("X-Own")).isEmpty();
  }

  @Test
  void theAppSeesTheFieldsThatItHasSet() {
    assertThat(fields("has Cache-Control", "get Cache-Control", "all Set-Cookie").text())
        .isEqualTo("false\nnull\n[]\n");
    assertThat(fields("set X-Own 1", "names").text())
        .contains("X-Own")
        .doesNotContain("Cache-Control", "Set-Cookie", "Vary");
    assertThat(
            fields(
                    "set Cache-Control public",
                    "add Set-Cookie own=1",
                    "has Cache-Control",
                    "get Cache-Control",
                    "all Set-Cookie",
                    "get Set-Cookie")
                .text())
        .isEqualTo("true\nprivate\n[own=1]\nown=1\n");
  }

  @Test
  void numbersAndDatesAreWrittenAsHttpWritesThem() {
    Reply reply =
        fields(
            "setInt X-Int 7", "addInt X-Int 8", "setDate X-Date 784111777000", "addDate X-Date 0");

    assertThat(reply.headers("X-Int")).containsExactly("7", "8");
    assertThat(reply.headers("X-Date"))
        .containsExactly("Sun, 06 Nov 1994 08:49:37 GMT", "Thu, 01 Jan 1970 00:00:00 GMT");
  }

  @Test
  void redirectsOfTheAppPassThePolicy() {
    assertThat(fields("redirect /app/next").location()).endsWith("/app/next");
    assertThat(fields("redirect /app/next?token=1").status()).isEqualTo(502);
  }

  @Test
  @Rule("TH-SES-10")
  void errorsOfTheAppCarryTheGatewaysFields() {
    for (String path : List.of("/error", "/throw", "/fields?do=error+404")) {
      Reply reply = container.get(APP + path);

      // Jetty writes a Cache-Control of its own on error pages.
      assertThat(reply.headers("Cache-Control")).as(path).hasSize(1);
      assertThat(reply.header("Cache-Control")).as(path).contains("no-store");
      assertThat(reply.headers("Set-Cookie")).as(path).containsExactly("gh_s=renewed; Path=/");
    }
  }

  private Reply fields(String... steps) {
    StringBuilder query = new StringBuilder();
    for (String step : steps) {
      query.append(query.length() == 0 ? "?do=" : "&do=");
      query.append(URLEncoder.encode(step, UTF_8));
    }
    return container.get(APP + "/fields" + query);
  }
}
