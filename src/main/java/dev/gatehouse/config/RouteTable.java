package dev.gatehouse.config;

import dev.gatehouse.access.LetterCase;
import dev.gatehouse.access.PathTable;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The routes of one host: those that name it come first, as with virtual hosts elsewhere; among
 * them the most specific path wins. Immutable, safe for concurrent use.
 *
 * @param <T> what is found
 */
public final class RouteTable<T> {
  private final PathTable<T> own;
  private final PathTable<T> general;

  RouteTable(List<UpstreamRoute> routes, LetterCase letterCase, Function<UpstreamRoute, T> value) {
    this.own = table(routes, route -> !route.hosts().isEmpty(), letterCase, value);
    this.general = table(routes, route -> route.hosts().isEmpty(), letterCase, value);
  }

  private static <T> PathTable<T> table(
      List<UpstreamRoute> routes,
      Predicate<UpstreamRoute> which,
      LetterCase letterCase,
      Function<UpstreamRoute, T> value) {
    return new PathTable<>(
        routes.stream()
            .filter(which)
            .map(route -> new PathTable.Row<>(route.path(), value.apply(route)))
            .toList(),
        letterCase);
  }

  /** Where a request to that canonical path goes; null: nowhere. Allocates nothing. */
  public T find(String canonicalPath) {
    T found = own.find(canonicalPath);
    return found != null ? found : general.find(canonicalPath);
  }
}
