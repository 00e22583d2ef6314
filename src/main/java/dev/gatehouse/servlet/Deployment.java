package dev.gatehouse.servlet;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.SessionTrackingMode;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks how the filter is declared in its web application. */
final class Deployment {
  /** The one init parameter: where the YAML file is. */
  static final String CONFIG = "config";

  private static final Set<String> PARAMETERS = Set.of(CONFIG);
  private static final Logger LOG = LoggerFactory.getLogger(GatehouseFilter.class);

  private Deployment() {}

  /**
   * Refuses a declaration that cannot be meant so, warns of one that leaves gaps, and turns session
   * ids in URLs off.
   *
   * @throws ServletException if an init parameter is unknown (TH-CFG-10)
   */
  static void check(FilterConfig filter) throws ServletException {
    Set<String> unknown = new TreeSet<>(Collections.list(filter.getInitParameterNames()));
    unknown.removeAll(PARAMETERS);
    if (!unknown.isEmpty()) {
      throw new ServletException(
          "Filter "
              + filter.getFilterName()
              + " has unknown init parameters: "
              + String.join(", ", unknown)
              + ". There is only "
              + CONFIG
              + "; every other setting belongs into the YAML file. [unknown-key]");
    }
    ServletContext context = filter.getServletContext();
    keepSessionIdsOutOfUrls(context);
    List<String> gaps = FilterMappings.gaps(filter.getFilterName(), context);
    gaps.forEach(gap -> LOG.warn("[uncovered-mapping] {}", gap));
  }

  /** TH-SES-4. Possible only while the application starts, which is when filters are made. */
  private static void keepSessionIdsOutOfUrls(ServletContext context) {
    try {
      context.setSessionTrackingModes(EnumSet.of(SessionTrackingMode.COOKIE));
    } catch (IllegalStateException | UnsupportedOperationException tooLate) {
      if (context.getEffectiveSessionTrackingModes().contains(SessionTrackingMode.URL)) {
        LOG.warn(
            "[session-id-in-url] this application takes session ids from URLs; set"
                + " <session-config><tracking-mode>COOKIE</tracking-mode></session-config>"
                + " in its web.xml");
      }
    }
  }
}
