package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.report.LeakCsv;
import dev.gatehouse.report.LeakJson;
import dev.gatehouse.report.LeakRow;
import dev.gatehouse.report.RouteLeaks;
import dev.gatehouse.report.RouteLeaks.Verdict;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Reply;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the leak report says of requests that came through a door (TH-LEAK-6). */
class LeakReportTest extends ContractTest {
  private static final String TOKEN = "SlAV32hkKG-not-to-be-told";
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

  @Override
  protected String configuration() {
    return """
    token-hygiene: enforce
    rules:
      - {path: /quiet/**, access: anonymous, token-hygiene: report, reason: nobody knows}
      - {path: /busy/**, access: anonymous, token-hygiene: report, reason: nobody knows}
      - {path: /old/**, access: anonymous, token-hygiene: report, reason: an old client}
      - {path: /strip/**, access: anonymous, token-hygiene: strip, reason: an old client}
      - {path: /strict/**, access: anonymous}
    """;
  }

  private Reply ask(String target) {
    return scene
        .browser()
        .send(
            Ask.get(target)
                .kind(Ask.Kind.XHR)
                .header("User-Agent", FIREFOX)
                .header("Referer", "https://portal.example/page?id=7"));
  }

  private RouteLeaks route(String pattern) {
    return scene.gate().leaks().routes().stream()
        .filter(route -> route.route().equals(pattern))
        .findFirst()
        .orElseThrow();
  }

  private Optional<LeakRow> row(String pattern) {
    return scene.gate().leaks().rows().stream()
        .filter(row -> row.route().equals(pattern))
        .findFirst();
  }

  @Test
  @Rule("TH-LEAK-6")
  void whoLeaksIsToldAndTheTokenIsNot() {
    assertThat(App.made(ask("/old/x?access_token=" + TOKEN))).isTrue();
    assertThat(App.made(ask("/old/y?a=1&ACCESS%5FTOKEN=" + TOKEN))).isTrue();

    LeakRow row = row("/old/**").orElseThrow();
    assertThat(row.name()).isEqualTo("access_token");
    assertThat(row.place()).contains(Leak.Place.QUERY);
    assertThat(row.count(Leak.Outcome.REPORTED)).isEqualTo(row.count()).isGreaterThanOrEqualTo(2);
    assertThat(row.hosts().top().get(0).text()).isEqualTo("portal.example");
    assertThat(row.agents().top().get(0).text()).isEqualTo("Firefox");
    assertThat(row.fingerprints().top()).hasSize(1);
    assertThat(row.fingerprints().top().get(0).text()).matches("[0-9a-f]{8}");
    assertThat(route("/old/**").verdict()).isEqualTo(Verdict.BREAKS);
    assertThat(LeakJson.of(scene.gate().leaks()) + LeakCsv.of(scene.gate().leaks()))
        .contains("portal.example")
        .doesNotContain(TOKEN, "id=7");
  }

  @Test
  @Rule("TH-LEAK-5")
  void aStrippedTokenWouldBreakUnderEnforceToo() {
    assertThat(App.made(ask("/strip/x?jwt=" + TOKEN))).isTrue();

    assertThat(row("/strip/**").orElseThrow().count(Leak.Outcome.STRIPPED)).isPositive();
    assertThat(route("/strip/**").verdict()).isEqualTo(Verdict.BREAKS);
  }

  @Test
  @Rule("TH-LEAK-2")
  void aRefusedTokenIsToldToo() {
    assertThat(ask("/strict/x?access_token=" + TOKEN).status()).isEqualTo(400);

    assertThat(row("/strict/**").orElseThrow().count(Leak.Outcome.REFUSED)).isPositive();
    assertThat(route("/strict/**").verdict()).isEqualTo(Verdict.REFUSING);
    assertThat(scene.metrics())
        .containsPattern(
            "gatehouse_leaks_total\\{mode=\"enforce\",name=\"access_token\",outcome=\"refused\","
                + "place=\"query\"} [1-9]");
  }

  @Test
  void aRouteOnWhichNothingLeaksMayBeSwitched() {
    assertThat(route("/quiet/**").verdict()).isEqualTo(Verdict.UNUSED);

    assertThat(App.made(ask("/busy/x?a=1"))).isTrue();

    assertThat(route("/busy/**").verdict()).isEqualTo(Verdict.SAFE);
    assertThat(route("/busy/**").requests()).isPositive();
  }

  @Test
  @Rule("TH-LEAK-11")
  void aTokenInRefererIsToldAndBreaksNobody() {
    Reply reply =
        scene
            .browser()
            .send(
                Ask.get("/busy/y")
                    .kind(Ask.Kind.XHR)
                    .header("Referer", "https://portal.example/?access_token=" + TOKEN));

    assertThat(App.made(reply)).isTrue();
    assertThat(row("/busy/**").orElseThrow().place()).contains(Leak.Place.REFERER);
    assertThat(route("/busy/**").verdict()).isEqualTo(Verdict.SAFE);
  }
}
