package dev.gatehouse.servlet;

import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks for requests that could reach the app without passing the filter (TH-CFG-17). The Servlet
 * API tells the URL patterns; the dispatcher types it keeps to itself, so those are read from
 * {@code web.xml} where the mapping stands there.
 */
final class FilterMappings {
  private static final String EVERYTHING = "/*";

  private FilterMappings() {}

  /** Each gap as a sentence that mends it; empty where there is none. */
  static List<String> gaps(String filterName, ServletContext context) {
    List<String> gaps = new ArrayList<>();
    FilterRegistration registration = context.getFilterRegistration(filterName);
    if (registration != null) {
      patternGap(registration.getUrlPatternMappings(), context, gaps);
    }
    DeclaredDispatchers.of(filterName, context).ifPresent(declared -> declared.addGaps(gaps));
    return gaps;
  }

  private static void patternGap(
      Collection<String> patterns, ServletContext context, List<String> gaps) {
    if (patterns.contains(EVERYTHING)) {
      return;
    }
    Map<String, Collection<String>> uncovered = new TreeMap<>();
    context
        .getServletRegistrations()
        .forEach((name, servlet) -> collectUncovered(name, servlet, patterns, uncovered));
    gaps.add(
        "the filter is mapped to "
            + new TreeSet<>(patterns)
            + " and not to "
            + EVERYTHING
            + ": nobody needs a login for what lies elsewhere, such as the servlets "
            + uncovered);
  }

  private static void collectUncovered(
      String name,
      ServletRegistration servlet,
      Collection<String> patterns,
      Map<String, Collection<String>> uncovered) {
    Collection<String> open = new TreeSet<>(servlet.getMappings());
    open.removeAll(patterns);
    if (!open.isEmpty()) {
      uncovered.put(name, open);
    }
  }
}
