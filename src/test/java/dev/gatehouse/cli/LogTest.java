package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.Rule;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The standalone gateway's log: one line of JSON for each event, whatever is in it. */
class LogTest {
  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void start() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private String line(String message, Throwable cause) {
    JsonLineEncoder encoder = new JsonLineEncoder();
    encoder.setContext(context);
    encoder.start();
    LoggingEvent event =
        new LoggingEvent("", context.getLogger("a.b"), Level.WARN, message, cause, null);
    return new String(encoder.encode(event), UTF_8);
  }

  @ParameterizedTest
  @Rule("TH-SEC-7")
  @ValueSource(
      strings = {
        "plain",
        "agent \n{\"x\":1}",
        "agent \r\n{\"level\":\"ERROR\"}",
        "\u001b[31mred\u001b]0;title\u0007",
        "left \u202e right \u2066 mark \u200f",
        "line \u2028 paragraph \u2029 next \u0085",
        "quote \" backslash \\ slash /",
        "zero \u0000 delete \u007f",
        "lone \ud800 half",
        "tag \udb40\udc41",
        "한국어 山田 😀"
      })
  void anythingLoggedIsOneLineThatGivesItBack(String message) throws IOException {
    String line = line(message, null);

    assertThat(line).endsWith("}\n");
    assertThat(line.substring(0, line.length() - 1))
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.get("message").asText()).isEqualTo(message);
    assertThat(json.get("level").asText()).isEqualTo("WARN");
    assertThat(json.get("logger").asText()).isEqualTo("a.b");
    assertThat(json.get("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
  }

  @Test
  void wideCharactersStayReadable() {
    assertThat(line("한국어 山田 😀", null)).contains("한국어 山田 😀");
  }

  @Test
  @Rule("TH-SEC-7")
  void exceptionIsInTheSameLine() throws IOException {
    String line = line("failed", new IllegalStateException("first\nsecond\u202e"));

    assertThat(line.strip()).doesNotContain("\n").doesNotContain("\u202e");
    assertThat(new ObjectMapper().readTree(line).get("exception").asText())
        .contains("IllegalStateException: first\nsecond")
        .contains("LogTest");
  }

  @ParameterizedTest
  @Rule("TH-SEC-6")
  @ValueSource(
      strings = {
        "org.eclipse.jetty.server",
        "org.eclipse.jetty.proxy.ProxyHandler",
        "org.apache.hc.client5.http.wire",
        "org.apache.hc.client5.http.headers",
        "com.nimbusds.jose"
      })
  void loggersThatPrintHeadersAndBodiesStayAtInfo(String logger) {
    ShippedLog.configure(context, "TRACE");

    assertThat(context.getLogger("dev.gatehouse.gate").isTraceEnabled()).isTrue();
    assertThat(context.getLogger(logger).isInfoEnabled()).isTrue();
    assertThat(context.getLogger(logger).isDebugEnabled()).isFalse();
    assertThat(context.getLogger("ROOT").getAppender("stderr"))
        .isInstanceOfSatisfying(
            ConsoleAppender.class,
            appender -> assertThat(appender.getTarget()).isEqualTo("System.err"));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"INFO", "nonsense", ""})
  void theLevelIsInfoUnlessAnotherIsNamed(String level) {
    ShippedLog.configure(context, level);

    assertThat(context.getLogger("dev.gatehouse.gate").isInfoEnabled()).isTrue();
    assertThat(context.getLogger("dev.gatehouse.gate").isDebugEnabled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"org.eclipse.jetty.server", "com.nimbusds.jose", "dev.gatehouse.gate"})
  void whoWantsErrorsAloneGetsThemAlone(String logger) {
    ShippedLog.configure(context, "ERROR");

    assertThat(context.getLogger(logger).isErrorEnabled()).isTrue();
    assertThat(context.getLogger(logger).isWarnEnabled()).isFalse();
  }
}
