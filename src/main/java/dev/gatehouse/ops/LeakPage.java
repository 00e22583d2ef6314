package dev.gatehouse.ops;

import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.page.PageTemplate;
import dev.gatehouse.report.LeakFilter;
import dev.gatehouse.report.LeakRow;
import dev.gatehouse.report.LeakSummary;
import dev.gatehouse.report.RouteLeaks;
import dev.gatehouse.report.RouteLeaks.Verdict;
import dev.gatehouse.report.Tally;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * The leak report for a person: first whether each route may be switched to enforce and who would
 * break, then what leaked where. No script; the filter is a form. Immutable, safe for concurrent
 * use.
 */
final class LeakPage {
  /** The rest is in the CSV: nobody reads on. */
  private static final int MAX_ROWS = 200;

  private static final int MAX_TOLD = 3;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final PageTemplate template = new PageTemplate(LeakPage.class, "leaks.html", "leaks.css");

  /** The policy to send with the page: a form that comes back here, and nothing else. */
  String policy() {
    return template.policy() + "; form-action 'self'";
  }

  /** The page about what {@code filter} wants of {@code whole}. */
  byte[] html(LeakSummary whole, LeakFilter filter) {
    LeakSummary wanted = whole.only(filter);
    Map<String, Object> context = new HashMap<>();
    context.put("style", template.style());
    context.put("since", TIME.format(whole.since()));
    context.put("watched", span(Duration.between(whole.since(), whole.at())));
    context.put("short", Duration.between(whole.since(), whole.at()).toHours() < 24);
    context.put("noted", grouped(whole.all()));
    context.put("headline", headline(whole));
    context.put("tone", whole.count(Verdict.BREAKS) > 0 ? "breaks" : "fine");
    context.put(
        "routes",
        wanted.routes().stream()
            .filter(route -> worthTelling(route, filter))
            .sorted(Comparator.comparingInt(LeakPage::urgency))
            .map(route -> route(route, whole.at()))
            .toList());
    List<LeakRow> rows = wanted.rows();
    context.put("rows", rows.stream().limit(MAX_ROWS).map(row -> row(row, whole)).toList());
    context.put("left-out", rows.size() > MAX_ROWS ? grouped(rows.size() - MAX_ROWS) : "");
    context.put("none", rows.isEmpty());
    context.put("filtered", filter.narrows());
    context.put("query", query(filter));
    form(filter, context);
    return template.fill(context);
  }

  private static String headline(LeakSummary whole) {
    long breaks = whole.count(Verdict.BREAKS);
    long safe = whole.count(Verdict.SAFE);
    long unused =
        whole.routes().stream()
            .filter(
                route -> route.verdict() == Verdict.UNUSED && worthTelling(route, LeakFilter.ALL))
            .count();
    StringJoiner parts = new StringJoiner(" ");
    if (breaks > 0) {
      parts.add("Not everywhere: switching would break clients of " + routes(breaks) + ".");
    }
    if (safe > 0) {
      parts.add("Nothing was seen on " + routes(safe) + ": safe to switch.");
    }
    if (unused > 0) {
      parts.add("No request came to " + routes(unused) + ": nothing is known there.");
    }
    return parts.length() == 0 ? "All routes are enforced already." : parts.toString();
  }

  private static String routes(long count) {
    return count == 1 ? "1 route" : count + " routes";
  }

  /** What has no rule and saw nothing is no news. */
  private static boolean worthTelling(RouteLeaks route, LeakFilter filter) {
    return filter.narrows()
        || !route.route().equals(Leak.NO_ROUTE)
        || route.refusable().isPresent();
  }

  private static int urgency(RouteLeaks route) {
    return List.of(Verdict.BREAKS, Verdict.UNUSED, Verdict.SAFE, Verdict.REFUSING, Verdict.ENFORCED)
        .indexOf(route.verdict());
  }

  private static Map<String, Object> route(RouteLeaks route, Instant now) {
    Map<String, Object> context = new HashMap<>();
    context.put("route", routeText(route.route()));
    context.put("mode", route.modesText());
    context.put(
        "reasons",
        route.modes().stream().flatMap(mode -> mode.reason().stream()).distinct().toList());
    context.put("requests", grouped(route.requests()));
    context.put("verdict", route.verdict().word());
    context.put("advice", route.advice());
    context.put("count", route.refusable().isPresent() ? grouped(route.refusableCount()) : "");
    context.put("last", route.refusable().map(row -> time(row.lastSeen())).orElse(""));
    context.put("ago", route.refusable().map(row -> ago(row.lastSeen(), now)).orElse(""));
    context.put("hosts", route.refusable().map(row -> texts(row.hosts())).orElse(List.of()));
    context.put("agents", route.refusable().map(row -> texts(row.agents())).orElse(List.of()));
    context.put("tokens", route.refusable().map(row -> distinct(row.fingerprints())).orElse(""));
    return context;
  }

  private static Map<String, Object> row(LeakRow row, LeakSummary whole) {
    Map<String, Object> context = new HashMap<>();
    context.put("route", routeText(row.route()));
    context.put("mode", whole.routeOf(row).map(RouteLeaks::modesText).orElse(""));
    context.put("name", row.name());
    context.put("place", row.placeWord());
    context.put("count", grouped(row.count()));
    context.put(
        "outcomes",
        Arrays.stream(Leak.Outcome.values())
            .filter(outcome -> row.count(outcome) > 0)
            .map(outcome -> grouped(row.count(outcome)) + " " + outcome.word())
            .toList());
    context.put("first", time(row.firstSeen()));
    context.put("last", time(row.lastSeen()));
    context.put("ago", ago(row.lastSeen(), whole.at()));
    context.put("fingerprints", texts(row.fingerprints()));
    context.put("hosts", texts(row.hosts()));
    context.put("agents", texts(row.agents()));
    return context;
  }

  private static String routeText(String route) {
    return route.equals(Leak.NO_ROUTE) ? "(none: own paths)" : route;
  }

  private static List<Map<String, String>> texts(Tally tally) {
    List<Map<String, String>> texts = new ArrayList<>();
    tally.top().stream()
        .limit(MAX_TOLD)
        .forEach(e -> texts.add(Map.of("text", e.text(), "times", "×" + grouped(e.count()))));
    long untold = tally.top().size() - Math.min(MAX_TOLD, tally.top().size()) + tally.more();
    if (untold > 0) {
      texts.add(Map.of("text", "and " + about(tally, untold) + " more", "times", ""));
    }
    return texts;
  }

  private static String distinct(Tally tally) {
    long different = tally.top().size() + tally.more();
    return different == 1 ? "1 token" : about(tally, different) + " different tokens";
  }

  private static String about(Tally tally, long number) {
    return (tally.more() > 0 ? "about " : "") + grouped(number);
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }

  private static String ago(Instant at, Instant now) {
    return span(Duration.between(at, now)) + " ago";
  }

  /** One number is enough for a tired reader. */
  private static String span(Duration span) {
    long seconds = Math.max(0, span.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3_600) {
      return seconds / 60 + " min";
    }
    return seconds < 2 * 86_400 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static void form(LeakFilter filter, Map<String, Object> context) {
    context.put("route", filter.route());
    context.put("name", filter.name());
    context.put("host", filter.host());
    context.put(
        "places",
        options(
            Stream.concat(
                    Arrays.stream(Leak.Place.values()).map(Leak.Place::word), Stream.of("other"))
                .toList(),
            filter.place()));
    context.put(
        "modes",
        options(
            Arrays.stream(HygieneMode.values())
                .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                .toList(),
            filter.mode()));
  }

  private static List<Map<String, Object>> options(List<String> words, String chosen) {
    return words.stream()
        .map(word -> Map.<String, Object>of("word", word, "chosen", word.equals(chosen)))
        .toList();
  }

  /** The same filter for the other formats, with its question mark. */
  private static String query(LeakFilter filter) {
    StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
    Map<String, String> wishes =
        Map.of(
            "route", filter.route(),
            "name", filter.name(),
            "place", filter.place(),
            "mode", filter.mode(),
            "host", filter.host());
    for (String name : LeakFilter.NAMES) {
      Optional.of(wishes.get(name))
          .filter(wish -> !wish.isEmpty())
          .ifPresent(
              wish -> query.add(name + "=" + URLEncoder.encode(wish, StandardCharsets.UTF_8)));
    }
    return query.toString();
  }
}
