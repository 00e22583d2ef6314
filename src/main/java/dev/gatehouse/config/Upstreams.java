package dev.gatehouse.config;

import dev.gatehouse.access.LetterCase;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * What is behind the standalone gateway. Immutable.
 *
 * @param routes where requests go, in the order of the file; empty for the filter
 * @param maxConnections to one target at once; default 1024
 * @param keepAlive how long a connection is kept for the next request; default 4 s
 */
public record Upstreams(List<UpstreamRoute> routes, int maxConnections, Duration keepAlive) {
  /** Nothing, as for the filter, which is in the app. */
  public static final Upstreams NONE = new Upstreams(List.of(), 1024, Duration.ofSeconds(4));

  public Upstreams {
    routes = List.copyOf(routes);
    Objects.requireNonNull(keepAlive, "keepAlive");
  }

  /** One app at {@code origin} alone. */
  public static Upstreams to(URI origin) {
    return NONE.with(List.of(UpstreamRoute.everythingTo(UpstreamTarget.at(origin), 0)));
  }

  /** The same limits for other routes. */
  public Upstreams with(List<UpstreamRoute> others) {
    return new Upstreams(others, maxConnections, keepAlive);
  }

  /** Whether every request goes to one target, and as it is. */
  public boolean isSingle() {
    return routes.size() == 1
        && routes.get(0).path().equals(UpstreamRoute.EVERYTHING)
        && routes.get(0).hosts().isEmpty()
        && routes.get(0).targets().size() == 1
        && routes.get(0).replacePrefix().isEmpty()
        && routes.get(0).healthCheck().isEmpty();
  }

  /** All targets, each once. */
  public List<UpstreamTarget> targets() {
    return routes.stream().flatMap(route -> route.targets().stream()).distinct().toList();
  }

  /**
   * Finds routes for requests to {@code host}.
   *
   * @param value what is to be found in the place of a route
   */
  public <T> RouteTable<T> at(
      String host, LetterCase letterCase, Function<UpstreamRoute, T> value) {
    return new RouteTable<>(
        routes.stream().filter(route -> route.isFor(host)).toList(), letterCase, value);
  }
}
