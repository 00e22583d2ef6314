package dev.gatehouse.servlet;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.LoadedConfig;
import dev.gatehouse.gate.Gate;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the filter's configuration and opens the gate: the filter's composition root. */
final class GateOpening {
  private static final Logger LOG = LoggerFactory.getLogger(GatehouseFilter.class);

  /** Long enough for an OP that answers; one that does not is no reason to wait. */
  private static final Duration PROVIDER_PATIENCE = Duration.ofSeconds(3);

  private GateOpening() {}

  /**
   * The gate of one filter.
   *
   * @throws ServletException if the configuration is refused; its message holds all problems
   */
  static Gate open(FilterConfig filter, Map<String, String> environment) throws ServletException {
    ConfigSource source = ConfigSource.find(filter, environment);
    LoadedConfig loaded;
    try {
      loaded = source.read(environment);
    } catch (ConfigException refused) {
      throw new ServletException(
          "Gatehouse does not start, " + source.name() + " is refused:\n" + refused.getMessage(),
          refused);
    }
    loaded.warnings().forEach(warning -> LOG.warn("{}: {}", source.name(), warning));
    GatehouseConfig config = loaded.config();
    checkBasePath(config, filter.getServletContext().getContextPath());
    Gate gate = Gate.open(config, Clock.systemUTC(), new SecureRandom());
    List<ConfigProblem> misfits = gate.awaitProviders(PROVIDER_PATIENCE);
    if (!misfits.isEmpty()) {
      gate.close();
      throw new ServletException(
          "Gatehouse does not start, "
              + source.name()
              + " is refused:\n"
              + misfits.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    }
    LOG.info("Gatehouse protects {} ({})", config.publicUrl(), source.name());
    return gate;
  }

  /** Rules, cookies and the redirect URI are all made for the path that browsers see. */
  private static void checkBasePath(GatehouseConfig config, String contextPath)
      throws ServletException {
    String basePath = config.publicUrl().basePath();
    if (!basePath.equals(contextPath)) {
      throw new ServletException(
          "Gatehouse does not start: public-url is "
              + config.publicUrl()
              + ", but this application is deployed at "
              + (contextPath.isEmpty() ? "/" : contextPath)
              + ". Set public-url to "
              + config.publicUrl().origin()
              + contextPath
              + " or deploy the application at "
              + (basePath.isEmpty() ? "/" : basePath)
              + ". [public-url]");
    }
  }
}
