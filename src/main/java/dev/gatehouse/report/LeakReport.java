package dev.gatehouse.report;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.hygiene.LeakLog;
import dev.gatehouse.hygiene.TokenScanner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Remembers what leaked where since the process began, in bounded memory: a thousand rows, and one
 * more for each route, into which goes what has no room. Nothing that clients invent drives out
 * what comes often, and no leak is lost to the verdict about its route. Never holds the value of a
 * token. Safe for concurrent use; a leak locks its own row only, a request without one nothing.
 */
public final class LeakReport implements LeakLog {
  static final int MAX_ROWS = 1_000;

  private static final int MAX_NAME_CHARS = 64;

  private static final String EVERYTHING = "/**";

  /** What is known of one pattern. */
  private static final class Route {
    private final String pattern;
    private final List<RouteMode> modes = new ArrayList<>();
    private final LongAdder requests = new LongAdder();
    private final LeakRow.Counter refusable;
    private final LeakRow.Counter others;

    Route(String pattern) {
      this.pattern = pattern;
      this.refusable =
          new LeakRow.Counter(new LeakRow.Key(pattern, LeakRow.OTHER, Optional.empty()));
      this.others = new LeakRow.Counter(new LeakRow.Key(pattern, LeakRow.OTHER, Optional.empty()));
    }

    RouteLeaks leaks() {
      return new RouteLeaks(pattern, modes, requests.sum(), refusable.row());
    }
  }

  private final Instant since;
  private final boolean shapesAreRefused;
  private final Map<String, Route> routes = new LinkedHashMap<>();
  private final Map<AccessRule, Route> byRule = new IdentityHashMap<>();
  private final Route elsewhere;
  private final LongAdder all = new LongAdder();
  private final Frequent<LeakRow.Key, LeakRow.Counter> rows =
      new Frequent<>(MAX_ROWS, LeakRow.Counter::new, this::fold);

  /**
   * An empty report.
   *
   * @param since when the process begins to watch
   * @param rules those of the configuration
   * @param everywhere the mode where a rule says nothing of its own
   * @param shapesAreRefused whether enforce refuses what only looks like a token
   */
  public LeakReport(
      Instant since, List<AccessRule> rules, HygieneMode everywhere, boolean shapesAreRefused) {
    this.since = Objects.requireNonNull(since, "since");
    this.shapesAreRefused = shapesAreRefused;
    for (AccessRule rule : rules) {
      Route route = routes.computeIfAbsent(rule.pattern(), Route::new);
      byRule.put(rule, route);
      addMode(
          route,
          new RouteMode(
              rule.methods(),
              rule.handling().tokenHygiene().orElse(everywhere),
              rule.handling().reason()));
    }
    RouteMode usual = new RouteMode(Set.of(), everywhere, Optional.empty());
    routes.computeIfAbsent(EVERYTHING, Route::new);
    elsewhere = routes.computeIfAbsent(Leak.NO_ROUTE, Route::new);
    routes.values().stream()
        .filter(route -> route.modes.isEmpty())
        .forEach(route -> route.modes.add(usual));
  }

  private static void addMode(Route route, RouteMode mode) {
    if (!route.modes.contains(mode)) {
      route.modes.add(mode);
    }
  }

  /** Counts a request that {@code rule} holds for. */
  public void passed(AccessRule rule) {
    Route route = byRule.get(rule);
    if (route == null) {
      // A rule that the configuration does not have: the default, or one made of several.
      route = routes.getOrDefault(rule.pattern(), routes.get(EVERYTHING));
    }
    route.requests.increment();
  }

  @Override
  public void note(Leak leak) {
    all.increment();
    Route route = routes.getOrDefault(leak.route(), elsewhere);
    LeakRow.Key key =
        new LeakRow.Key(
            route.pattern, Words.line(leak.name(), MAX_NAME_CHARS), Optional.of(leak.place()));
    LeakRow.Counter row = rows.at(key);
    if (row == null || !row.note(leak)) {
      route.others.note(leak);
    }
    if (refusable(leak)) {
      route.refusable.note(leak);
    }
  }

  /** Whether enforce refuses such a request or answer; a Referer it only cuts (TH-LEAK-11). */
  private boolean refusable(Leak leak) {
    if (leak.outcome() == Leak.Outcome.REFUSED) {
      return true;
    }
    boolean shape =
        leak.name().equals(TokenScanner.JWT_VALUE) || leak.name().equals(TokenScanner.OWN_VALUE);
    return leak.place() != Leak.Place.REFERER
        && leak.place() != Leak.Place.BODY
        && !leak.name().equals(Leak.SESSION_ID)
        && (shapesAreRefused || !shape);
  }

  private void fold(LeakRow.Counter row) {
    row.close();
    routes.getOrDefault(row.key().route(), elsewhere).others.take(row);
  }

  /** The mode of a route in a word: {@code mixed} where its rules say different things. */
  public String modeOf(String pattern) {
    List<RouteMode> modes = routes.getOrDefault(pattern, elsewhere).modes;
    boolean one = modes.stream().map(RouteMode::mode).distinct().count() == 1;
    return one ? modes.get(0).word() : "mixed";
  }

  /** What is known now. */
  public LeakSummary read(Instant now) {
    List<LeakRow> told =
        Stream.concat(
                rows.kept().values().stream(), routes.values().stream().map(route -> route.others))
            .map(LeakRow.Counter::row)
            .flatMap(Optional::stream)
            .sorted(
                Comparator.<LeakRow>comparingLong(LeakRow::count)
                    .reversed()
                    .thenComparing(LeakRow::route)
                    .thenComparing(LeakRow::name)
                    .thenComparing(LeakRow::placeWord))
            .toList();
    return new LeakSummary(
        since, now, all.sum(), routes.values().stream().map(Route::leaks).toList(), told);
  }
}
