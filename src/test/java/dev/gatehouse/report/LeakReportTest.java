package dev.gatehouse.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.Handling;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.hygiene.TokenScanner;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is remembered of leaks, what is said of a route, and how little memory a flood gets. */
class LeakReportTest {
  private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
  private static final AccessRule API = rule("/api/**", HygieneMode.REPORT);
  private static final AccessRule SHOP = rule("/shop/**", HygieneMode.ENFORCE);

  private final LeakReport report = report(true);

  private static LeakReport report(boolean shapesAreRefused) {
    return new LeakReport(START, List.of(API, SHOP), HygieneMode.STRIP, shapesAreRefused);
  }

  private static AccessRule rule(String pattern, HygieneMode mode) {
    return new AccessRule(
        pattern,
        Set.of(),
        AccessRule.Access.LOGIN,
        Map.of(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        new Handling(Optional.of(mode), Optional.of("an old client"), false, false),
        1);
  }

  private static Leak leak(String route, String name, String fingerprint, String host) {
    return leak(route, name, Leak.Place.QUERY, fingerprint, Leak.Outcome.REPORTED, host);
  }

  private static Leak leak(
      String route,
      String name,
      Leak.Place place,
      String fingerprint,
      Leak.Outcome outcome,
      String host) {
    return new Leak(
        START.plusSeconds(60), route, name, place, fingerprint, outcome, false, host, "curl");
  }

  private LeakSummary now() {
    return report.read(START.plusSeconds(3_600));
  }

  private RouteLeaks route(String pattern) {
    return now().routes().stream().filter(r -> r.route().equals(pattern)).findFirst().orElseThrow();
  }

  @Test
  @Rule("TH-LEAK-6")
  void aRowTellsWhatLeakedWhereHowOftenAndWhoSentIt() {
    report.note(leak("/api/**", "access_token", "0a1b2c3d", "portal.example"));
    report.note(leak("/api/**", "access_token", "0a1b2c3d", "portal.example"));
    report.note(leak("/api/**", "access_token", "ffffffff", ""));

    assertThat(now().all()).isEqualTo(3);
    assertThat(now().rows()).hasSize(1);
    LeakRow row = now().rows().get(0);
    assertThat(row.count()).isEqualTo(3);
    assertThat(row.count(Leak.Outcome.REPORTED)).isEqualTo(3);
    assertThat(row.firstSeen()).isEqualTo(START.plusSeconds(60));
    assertThat(row.fingerprints())
        .isEqualTo(
            new Tally(
                List.of(new Tally.Entry("0a1b2c3d", 2), new Tally.Entry("ffffffff", 1)), 0, 0));
    assertThat(row.hosts().top())
        .containsExactly(new Tally.Entry("portal.example", 2), new Tally.Entry("(none)", 1));
    assertThat(row.agents().top()).containsExactly(new Tally.Entry("curl", 3));
  }

  @Test
  void aRouteThatNobodyLeaksOnMayBeSwitched() {
    assertThat(route("/api/**").verdict()).isEqualTo(RouteLeaks.Verdict.UNUSED);

    report.passed(API);

    assertThat(route("/api/**").verdict()).isEqualTo(RouteLeaks.Verdict.SAFE);
    assertThat(route("/api/**").requests()).isEqualTo(1);

    report.note(leak("/api/**", "access_token", "0a1b2c3d", "portal.example"));

    assertThat(route("/api/**").verdict()).isEqualTo(RouteLeaks.Verdict.BREAKS);
    assertThat(route("/api/**").refusable().orElseThrow().hosts().names("portal")).isTrue();
  }

  @Test
  void aRouteThatIsEnforcedSaysWhetherItRefuses() {
    assertThat(route("/shop/**").verdict()).isEqualTo(RouteLeaks.Verdict.ENFORCED);

    report.note(
        leak("/shop/**", "jwt", Leak.Place.FORM, "0a1b2c3d", Leak.Outcome.REFUSED, "a.example"));

    assertThat(route("/shop/**").verdict()).isEqualTo(RouteLeaks.Verdict.REFUSING);
  }

  @Test
  void whatEnforceWouldNotRefuseBreaksNobody() {
    report.passed(API);
    report.note(
        leak("/api/**", "jwt", Leak.Place.REFERER, "0a1b2c3d", Leak.Outcome.STRIPPED, "a.example"));
    report.note(
        leak("/api/**", "jwt", Leak.Place.BODY, "0a1b2c3d", Leak.Outcome.REPORTED, "a.example"));

    assertThat(now().rows()).hasSize(2);
    assertThat(route("/api/**").verdict()).isEqualTo(RouteLeaks.Verdict.SAFE);
  }

  @Test
  void aShapeBreaksSomebodyWhereShapesAreRefused() {
    Leak shaped = leak("/api/**", TokenScanner.JWT_VALUE, "0a1b2c3d", "a.example");
    report.note(shaped);
    assertThat(route("/api/**").verdict()).isEqualTo(RouteLeaks.Verdict.BREAKS);

    LeakReport lenient = report(false);
    lenient.passed(API);
    lenient.note(shaped);
    assertThat(lenient.read(START).routes().get(0).verdict()).isEqualTo(RouteLeaks.Verdict.SAFE);
  }

  @Test
  void aRuleOfNobodysAndAnInventedRouteAreCountedElsewhere() {
    report.passed(rule("/unheard/**", HygieneMode.REPORT));
    report.note(leak("/invented/**", "access_token", "0a1b2c3d", "a.example"));

    assertThat(route("/**").requests()).isEqualTo(1);
    assertThat(route("/**").modesText()).isEqualTo("strip");
    assertThat(now().rows().get(0).route()).isEqualTo(Leak.NO_ROUTE);
  }

  @Test
  @Rule("TH-LEAK-6")
  void aMillionInventedLeaksDriveOutNothingThatComesOften() {
    for (int i = 0; i < 1_000_000; i++) {
      report.note(leak("/api/**", "name" + i, "f" + i, "h" + i + ".evil.example"));
      if (i % 100 == 0) {
        report.note(leak("/api/**", "access_token", "0a1b2c3d", "portal.example"));
      }
    }

    LeakSummary summary = now();
    assertThat(summary.all()).isEqualTo(1_010_000);
    assertThat(summary.rows()).hasSizeLessThanOrEqualTo(LeakReport.MAX_ROWS + 4);
    assertThat(summary.rows().stream().mapToLong(LeakRow::count).sum()).isEqualTo(1_010_000);
    LeakRow real =
        summary.rows().stream()
            .filter(row -> row.name().equals("access_token"))
            .findFirst()
            .orElseThrow();
    assertThat(real.count()).isGreaterThan(9_900);
    LeakRow other = summary.rows().get(0);
    assertThat(other.name()).isEqualTo(LeakRow.OTHER);
    assertThat(other.hosts().top()).hasSizeLessThanOrEqualTo(8);
    assertThat(other.hosts().others()).isGreaterThan(900_000);
    assertThat(other.hosts().more()).isGreaterThan(4_000);
    assertThat(route("/api/**").refusableCount()).isEqualTo(1_010_000);
  }

  @Test
  void aHostThatComesOftenIsToldWhateverElseIsInvented() {
    for (int i = 0; i < 100_000; i++) {
      report.note(leak("/api/**", "access_token", "f" + i, "h" + i + ".evil.example"));
      if (i % 5 == 0) {
        report.note(leak("/api/**", "access_token", "0a1b2c3d", "portal.example"));
      }
    }

    Tally hosts = now().rows().get(0).hosts();
    assertThat(hosts.top().get(0).text()).isEqualTo("portal.example");
    assertThat(hosts.top().get(0).count()).isEqualTo(20_000);
    assertThat(hosts.top().stream().mapToLong(Tally.Entry::count).sum() + hosts.others())
        .isEqualTo(120_000);
  }

  @Test
  void aFewHostsAreCountedRight() {
    IntStream.range(0, 30)
        .forEach(i -> report.note(leak("/api/**", "jwt", "0a1b2c3d", "h" + i + ".example")));

    Tally hosts = now().rows().get(0).hosts();
    assertThat(hosts.top().size() + hosts.more()).isBetween(28L, 32L);
  }

  @Test
  void manyThreadsLoseNothing() throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int t = 0; t < 8; t++) {
      int thread = t;
      threads.execute(
          () ->
              IntStream.range(0, 20_000)
                  .forEach(
                      i -> report.note(leak("/api/**", "n" + thread + "-" + i % 3_000, "f", "h"))));
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

    assertThat(now().rows().stream().mapToLong(LeakRow::count).sum()).isEqualTo(160_000);
  }

  @Test
  void hostileTextsAreShortAndPlain() {
    report.note(leak("/api/**", "n\r\n\u202e" + "x".repeat(500), "f\n", "<b>evil</b>"));
    report.note(leak("/api/**", "jwt", "f", "a.".repeat(500) + "Example"));

    assertThat(now().rows())
        .allSatisfy(
            row -> {
              assertThat(row.name()).hasSizeLessThanOrEqualTo(65).doesNotContain("\n", "\u202e");
              assertThat(row.hosts().top().get(0).text())
                  .hasSizeLessThanOrEqualTo(81)
                  .matches("\\(unreadable\\)|….*a\\.example");
            });
  }

  @Test
  void aFilterTellsPartOfIt() {
    report.note(leak("/api/**", "access_token", "0a1b2c3d", "portal.example"));
    report.note(leak("/api/**", "jwt", "0a1b2c3d", "other.example"));
    report.note(
        leak("/shop/**", "jwt", Leak.Place.FORM, "0a1b2c3d", Leak.Outcome.REFUSED, "a.example"));

    assertThat(rows(new LeakFilter("SHOP", "", "", "", ""))).isEqualTo(1);
    assertThat(rows(new LeakFilter("", "JWT", "", "", ""))).isEqualTo(2);
    assertThat(rows(new LeakFilter("", "", "query", "", ""))).isEqualTo(2);
    assertThat(rows(new LeakFilter("", "", "quer", "", ""))).isZero();
    assertThat(rows(new LeakFilter("", "", "", "report", ""))).isEqualTo(2);
    assertThat(rows(new LeakFilter("", "", "", "", "portal"))).isEqualTo(1);
    assertThat(rows(LeakFilter.ALL)).isEqualTo(3);
  }

  private int rows(LeakFilter filter) {
    return now().only(filter).rows().size();
  }
}
