package dev.gatehouse.report;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which part of the report is wanted. Route, name and host are looked for within what is told, in
 * any case; place and mode are compared as a whole. An empty text is no wish.
 */
public record LeakFilter(String route, String name, String place, String mode, String host) {
  /** The names of the parts. */
  public static final List<String> NAMES = List.of("route", "name", "place", "mode", "host");

  /** Everything. */
  public static final LeakFilter ALL = new LeakFilter("", "", "", "", "");

  public LeakFilter {
    Objects.requireNonNull(route, "route");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(host, "host");
  }

  /** Whether anything is left out. */
  public boolean narrows() {
    return !equals(ALL);
  }

  boolean wants(LeakRow row, Optional<RouteLeaks> of) {
    return Words.contains(row.route(), route)
        && Words.contains(row.name(), name)
        && (place.isEmpty() || place.equals(row.placeWord()))
        && (mode.isEmpty() || of.filter(leaks -> leaks.has(mode)).isPresent())
        && (host.isEmpty() || row.hosts().names(host));
  }

  boolean wants(RouteLeaks leaks) {
    return Words.contains(leaks.route(), route)
        && (mode.isEmpty() || leaks.has(mode))
        && (host.isEmpty() || leaks.refusable().filter(row -> row.hosts().names(host)).isPresent());
  }
}
