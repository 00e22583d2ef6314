package dev.gatehouse.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.Handling;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.browser.Chromium;
import dev.gatehouse.config.HostPort;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.report.LeakReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The leak page in Chromium, with hostile data. */
@Tag("browser")
class LeakPageBrowserIT {
  private static final Instant NOW = Instant.parse("2026-03-09T03:04:05Z");
  private static final Instant START = NOW.minus(Duration.ofDays(9));

  private final AccessRule orders = rule("/orders/**", Set.of(), HygieneMode.REPORT, "old scanner");
  private final AccessRule api = rule("/api/v2/**", Set.of("GET"), HygieneMode.STRIP, "");
  private final AccessRule apiWrite = rule("/api/v2/**", Set.of("POST"), HygieneMode.REPORT, "");
  private final AccessRule reports = rule("/reports/**", Set.of(), HygieneMode.REPORT, "");
  private final AccessRule batch = rule("/batch/**", Set.of(), HygieneMode.REPORT, "");
  private final AccessRule admin = rule("/admin/**", Set.of(), HygieneMode.ENFORCE, "");
  private final LeakReport report =
      new LeakReport(
          START, List.of(orders, api, apiWrite, reports, batch, admin), HygieneMode.ENFORCE, false);
  private final List<String> told = new ArrayList<>();

  private Server server;
  private Chromium chromium;
  private Page page;

  private static AccessRule rule(
      String pattern, Set<String> methods, HygieneMode mode, String reason) {
    return new AccessRule(
        pattern,
        methods,
        AccessRule.Access.LOGIN,
        Map.of(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        new Handling(
            Optional.of(mode), Optional.of(reason).filter(text -> !text.isEmpty()), false, false),
        1);
  }

  @BeforeEach
  void open() throws Exception {
    server = new Server(0);
    OperatorPages pages =
        new OperatorPages(
            new HostPort("127.0.0.1", 0), new GatewayMetrics(), () -> report.read(NOW));
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            if (pages.serves(request.getHttpURI().getPath())) {
              pages.answer(request, response, callback);
            } else {
              Response.writeError(request, response, callback, 404);
            }
            return true;
          }
        });
    server.start();
    chromium = new Chromium();
    BrowserContext profile = chromium.profile();
    page = profile.newPage();
    page.onConsoleMessage(message -> told.add(message.text()));
    page.onDialog(dialog -> told.add(dialog.message()));
  }

  @AfterEach
  void close() throws Exception {
    chromium.close();
    server.stop();
  }

  private String url(String target) {
    return "http://127.0.0.1:"
        + ((ServerConnector) server.getConnectors()[0]).getLocalPort()
        + target;
  }

  private void note(
      String route,
      String name,
      Leak.Place place,
      Leak.Outcome outcome,
      Duration ago,
      String host) {
    note(route, name, place, outcome, ago, host, "Chrome");
  }

  private void note(
      String route,
      String name,
      Leak.Place place,
      Leak.Outcome outcome,
      Duration ago,
      String host,
      String agent) {
    report.note(
        new Leak(
            NOW.minus(ago),
            route,
            name,
            place,
            String.format("%08x", (name + host).hashCode()),
            outcome,
            false,
            host,
            agent));
  }

  private void sampleData() {
    for (int i = 0; i < 12_345; i++) {
      report.passed(orders);
      report.passed(api);
      report.passed(reports);
      report.passed(admin);
    }
    for (int i = 0; i < 2_000; i++) {
      note(
          "/orders/**",
          "access_token",
          Leak.Place.QUERY,
          Leak.Outcome.REPORTED,
          Duration.ofMinutes(i),
          i % 3 == 0 ? "warehouse.example" : "portal.partner-company.example",
          i % 3 == 0 ? "Java" : "Chrome");
    }
    for (int i = 0; i < 300; i++) {
      note(
          "/api/v2/**",
          "jwt",
          Leak.Place.FORM,
          Leak.Outcome.STRIPPED,
          Duration.ofHours(30),
          "h" + i + "." + "very-long-name-".repeat(8) + "evil.example",
          i % 2 == 0 ? "bot" : "curl");
    }
    note(
        "/admin/**",
        "id_token",
        Leak.Place.PATH,
        Leak.Outcome.REFUSED,
        Duration.ofDays(3),
        "<img src=x onerror=alert(1)>");
    note(
        "/orders/**",
        "<script>alert(1)</script>\u202e\r\n=cmd|",
        Leak.Place.REFERER,
        Leak.Outcome.STRIPPED,
        Duration.ofSeconds(40),
        "");
    note(
        Leak.NO_ROUTE,
        "refresh_token",
        Leak.Place.QUERY,
        Leak.Outcome.REFUSED,
        Duration.ofHours(5),
        "localhost:3000");
  }

  @Test
  void aTiredPersonFindsTheAnswerFirst() {
    sampleData();
    page.navigate(url("/leaks"));

    assertThat(page.locator("h2").first().textContent()).isEqualTo("May we switch to enforce?");
    assertThat(page.locator(".headline").first().textContent())
        .isEqualTo(
            "Not everywhere: switching would break clients of 2 routes. Nothing was seen on 1"
                + " route: safe to switch. No request came to 1 route: nothing is known there.");
    assertThat(page.locator("tr.breaks").first().textContent())
        .contains("/orders/**", "These would break.", "2,000", "portal.partner-company.example");
    assertThat(page.locator("tr.safe").textContent())
        .contains("/reports/**", "12,345", "Nothing seen since the start: safe to switch.");
    Chromium.photograph(page, "leaks");
    assertThat(told).isEmpty();
  }

  @Test
  void theFilterNeedsNoScript() {
    sampleData();
    page.navigate(url("/leaks"));

    page.getByLabel("Referring host").fill("warehouse");
    page.getByText("Filter", new Page.GetByTextOptions().setExact(true)).click();

    assertThat(page.url()).contains("host=warehouse");
    assertThat(page.locator("section").nth(1).locator("tbody tr").count()).isEqualTo(1);
    assertThat(page.getByLabel("Referring host").inputValue()).isEqualTo("warehouse");
    page.getByText("Show all").click();
    assertThat(page.url()).endsWith("/leaks");
    assertThat(told).isEmpty();
  }

  @Test
  void nothingOfThePageReachesOverItsWidth() {
    sampleData();
    page.setViewportSize(1280, 720);
    page.navigate(url("/leaks"));

    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(1280);
  }
}
