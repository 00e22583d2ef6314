package dev.gatehouse.report;

import dev.gatehouse.access.HygieneMode;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What happens to misplaced tokens on one route, as the configuration says it.
 *
 * @param methods for which; empty for all that no other says something for
 * @param reason why this differs from the rest, in the words of the configuration
 */
public record RouteMode(Set<String> methods, HygieneMode mode, Optional<String> reason) {
  public RouteMode {
    methods = Set.copyOf(methods);
  }

  /** The mode, as it is written in the configuration. */
  public String word() {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  /** The mode and for which methods it is: {@code report (GET, POST)}. */
  @Override
  public String toString() {
    return methods.isEmpty()
        ? word()
        : word() + " (" + String.join(", ", new TreeSet<>(methods)) + ")";
  }
}
