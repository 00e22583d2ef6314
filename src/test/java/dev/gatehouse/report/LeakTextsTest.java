package dev.gatehouse.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.hygiene.Leak;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report as JSON and as comma-separated values. */
class LeakTextsTest {
  private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

  private static LeakSummary summary(String name, String host) {
    LeakReport report = new LeakReport(START, List.of(), HygieneMode.REPORT, true);
    report.note(
        new Leak(
            START,
            "/**",
            name,
            Leak.Place.CONTENT_LOCATION,
            "0a1b2c3d",
            Leak.Outcome.REPORTED,
            false,
            host,
            "Internet Explorer"));
    return report.read(START.plusSeconds(60));
  }

  @Test
  void aLineForEachRowAndAHeader() {
    assertThat(LeakCsv.of(summary("access_token", "a.example")))
        .isEqualTo(
            "route,mode,verdict,name,place,count,refused,stripped,reported,first_seen,last_seen,"
                + "fingerprints,more_fingerprints,referring_hosts,more_hosts,agents,more_agents\r\n"
                + "/**,report,breaks,access_token,content-location,1,0,0,1,"
                + "2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,"
                + "\"0a1b2c3d (1)\",0,\"a.example (1)\",0,\"Internet Explorer (1)\",0\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\n=cmd|' /C calc'!A0",
        "|cmd",
        "%0A=1"
      })
  void whatASpreadsheetWouldRunIsText(String formula) {
    assertThat(LeakCsv.cell(formula)).matches("(?s)\"?'.*");
    assertThat(LeakCsv.of(summary(formula, "-evil.example"))).doesNotContainPattern("[,\"][=+@-]");
  }

  @Test
  void cellsAreQuotedWhereTheyMustBe() {
    assertThat(LeakCsv.cell("a.b")).isEqualTo("a.b");
    assertThat(LeakCsv.cell("a,b")).isEqualTo("\"a,b\"");
    assertThat(LeakCsv.cell("a\"b")).isEqualTo("\"a\"\"b\"");
    assertThat(LeakCsv.cell("a\r\nb")).isEqualTo("\"a\r\nb\"");
  }

  @Test
  void jsonSaysTheSame() throws JsonProcessingException {
    JsonNode json = new ObjectMapper().readTree(LeakJson.of(summary("jwt", "a.example")));

    assertThat(json.path("since").asText()).isEqualTo("2026-03-01T08:00:00Z");
    assertThat(json.path("noted").asLong()).isEqualTo(1);
    JsonNode route = json.path("routes").path(0);
    assertThat(route.path("route").asText()).isEqualTo("/**");
    assertThat(route.path("verdict").asText()).isEqualTo("breaks");
    assertThat(route.path("modes").path(0).path("mode").asText()).isEqualTo("report");
    JsonNode leak = json.path("leaks").path(0);
    assertThat(leak.path("name").asText()).isEqualTo("jwt");
    assertThat(leak.path("place").asText()).isEqualTo("content-location");
    assertThat(leak.path("reported").asLong()).isEqualTo(1);
    assertThat(leak.path("referring_hosts").path("top").path(0).path("text").asText())
        .isEqualTo("a.example");
  }

  @Test
  void aHostileNameBreaksNoFormat() throws JsonProcessingException {
    LeakSummary hostile = summary("\"},\r\n</script>,=1", "a.example");

    assertThat(new ObjectMapper().readTree(LeakJson.of(hostile)).path("leaks")).hasSize(1);
    assertThat(LeakCsv.of(hostile).split("\r\n")).hasSize(2);
  }
}
