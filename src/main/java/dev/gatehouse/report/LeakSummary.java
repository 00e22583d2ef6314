package dev.gatehouse.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The leak report of one moment.
 *
 * @param since when this process began to watch
 * @param at the moment
 * @param all how many leaks were noted, those that a filter leaves out included
 * @param routes by pattern
 * @param rows the most frequent first
 */
public record LeakSummary(
    Instant since, Instant at, long all, List<RouteLeaks> routes, List<LeakRow> rows) {
  public LeakSummary {
    routes = List.copyOf(routes);
    rows = List.copyOf(rows);
  }

  /** How many routes have that verdict. */
  public long count(RouteLeaks.Verdict verdict) {
    return routes.stream().filter(route -> route.verdict() == verdict).count();
  }

  /** What is said of the route of {@code row}; empty where a filter has left it out. */
  public Optional<RouteLeaks> routeOf(LeakRow row) {
    return routes.stream().filter(route -> route.route().equals(row.route())).findFirst();
  }

  /** The part that {@code filter} wants. */
  public LeakSummary only(LeakFilter filter) {
    return new LeakSummary(
        since,
        at,
        all,
        routes.stream().filter(filter::wants).toList(),
        rows.stream().filter(row -> filter.wants(row, routeOf(row))).toList());
  }
}
