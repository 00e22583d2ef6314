package dev.gatehouse.config;

import dev.gatehouse.access.LetterCase;
import dev.gatehouse.access.PathTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Finds routes that no request takes, and requests for which there is no route. */
final class RouteFindings {
  private final Values values;
  private final List<String> hosts;
  private final LetterCase letterCase;

  /**
   * @param hosts all host names that are served
   */
  RouteFindings(Values values, List<String> hosts, LetterCase letterCase) {
    this.values = values;
    this.hosts = hosts;
    this.letterCase = letterCase;
  }

  /** Tells what is wrong with {@code routes}, which are in the order of the file. */
  void tell(List<UpstreamRoute> routes) {
    for (UpstreamRoute route : routes) {
      for (UpstreamRoute earlier : routes.subList(0, routes.indexOf(route))) {
        if (samePlace(earlier, route)) {
          values.errorAt(
              route.line(),
              "duplicate-upstream",
              RouteSettings.SEVERAL,
              "has "
                  + route.path()
                  + " twice for one host, on lines "
                  + earlier.line()
                  + " and "
                  + route.line()
                  + "; a request goes to one of them only, so remove the other");
          return;
        }
      }
    }
    Upstreams all = Upstreams.NONE.with(routes);
    routes.forEach(route -> tellIfShadowed(all, route));
    tellOfGaps(all);
  }

  private boolean samePlace(UpstreamRoute one, UpstreamRoute other) {
    boolean samePath =
        letterCase == LetterCase.EXACT
            ? one.path().equals(other.path())
            : one.path().equalsIgnoreCase(other.path());
    // One that names a host and one that does not are told apart by just that.
    Set<String> shared = new HashSet<>(one.hosts());
    shared.retainAll(other.hosts());
    return samePath && (one.hosts().isEmpty() && other.hosts().isEmpty() || !shared.isEmpty());
  }

  private void tellIfShadowed(Upstreams all, UpstreamRoute route) {
    int depth =
        1 + Collections.max(all.routes().stream().map(r -> r.path().split("/").length).toList());
    String sample = PathTable.sample(route.path(), depth);
    List<String> own = hosts.stream().filter(route::isFor).toList();
    boolean taken =
        own.stream()
            .anyMatch(host -> all.at(host, letterCase, Function.identity()).find(sample) == route);
    if (!own.isEmpty() && !taken) {
      values.warnAt(
          route.line(),
          "shadowed-upstream",
          RouteSettings.SEVERAL,
          "has "
              + route.path()
              + ", which no request takes: every host has upstreams of its own for those paths;"
              + " remove it, or name a host");
    }
  }

  private void tellOfGaps(Upstreams all) {
    List<String> gaps = new ArrayList<>();
    String anything = PathTable.sample(UpstreamRoute.EVERYTHING, 1);
    for (String host : hosts) {
      if (all.at(host, letterCase, Function.identity()).find(anything) == null) {
        gaps.add(host);
      }
    }
    if (!gaps.isEmpty()) {
      values.warn(
          "no-upstream",
          RouteSettings.SEVERAL,
          "takes not all paths of "
              + String.join(", ", gaps)
              + "; the rest gets 404. Write upstream: URL, or {path: /**, target: URL}, for an app"
              + " that takes it");
    }
  }
}
