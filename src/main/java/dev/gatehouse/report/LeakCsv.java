package dev.gatehouse.report;

import dev.gatehouse.hygiene.Leak;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rows of the leak report as comma-separated values (RFC 4180), one line each, with a header. A
 * text that a spreadsheet would run as a formula gets an apostrophe before it.
 */
public final class LeakCsv {
  private static final String COLUMNS =
      "route,mode,verdict,name,place,count,refused,stripped,reported,first_seen,last_seen,"
          + "fingerprints,more_fingerprints,referring_hosts,more_hosts,agents,more_agents";

  private static final String END = "\r\n";

  /** What makes a spreadsheet calculate, behind blanks too (OWASP, CSV Injection). */
  private static final Pattern FORMULA = Pattern.compile("(?s)[\\s\\x00-\\x1f]*+[=+\\-@|%].*");

  private static final Pattern TO_QUOTE = Pattern.compile("[\",\\s;']");

  private LeakCsv() {}

  /** The rows of {@code summary}. */
  public static String of(LeakSummary summary) {
    StringBuilder csv = new StringBuilder(COLUMNS).append(END);
    for (LeakRow row : summary.rows()) {
      csv.append(cells(row, summary).stream().map(LeakCsv::cell).collect(Collectors.joining(",")))
          .append(END);
    }
    return csv.toString();
  }

  private static List<String> cells(LeakRow row, LeakSummary summary) {
    List<String> cells = new ArrayList<>();
    cells.add(row.route());
    cells.add(summary.routeOf(row).map(RouteLeaks::modesText).orElse(""));
    cells.add(summary.routeOf(row).map(route -> route.verdict().word()).orElse(""));
    cells.add(row.name());
    cells.add(row.placeWord());
    cells.add(Long.toString(row.count()));
    cells.add(Long.toString(row.count(Leak.Outcome.REFUSED)));
    cells.add(Long.toString(row.count(Leak.Outcome.STRIPPED)));
    cells.add(Long.toString(row.count(Leak.Outcome.REPORTED)));
    cells.add(row.firstSeen().toString());
    cells.add(row.lastSeen().toString());
    for (Tally tally : List.of(row.fingerprints(), row.hosts(), row.agents())) {
      cells.add(
          tally.top().stream()
              .map(entry -> entry.text() + " (" + entry.count() + ")")
              .collect(Collectors.joining("; ")));
      cells.add(Long.toString(tally.more()));
    }
    return cells;
  }

  static String cell(String text) {
    String safe = FORMULA.matcher(text).matches() ? "'" + text : text;
    return TO_QUOTE.matcher(safe).find() ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
  }
}
