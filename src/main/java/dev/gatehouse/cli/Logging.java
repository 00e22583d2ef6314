package dev.gatehouse.cli;

import dev.gatehouse.config.ConfigProblem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the standalone gateway's log goes: JSON lines on standard error. */
final class Logging {
  private static final String CHOICE = "logback.configurationFile";
  private static final String PROVIDER = "slf4j.provider";

  private Logging() {}

  /**
   * Chooses the shipped set-up unless the operator names a file of Logback's; before the first
   * logger is made. Named here and not in a jar's list of services, so that no jar brings it to an
   * app.
   */
  static void useShippedSetUp() {
    if (System.getProperty(CHOICE) == null && System.getProperty(PROVIDER) == null) {
      System.setProperty(PROVIDER, ShippedLog.class.getName());
      // Or else SLF4J says at each start that it does as it is told.
      System.setProperty("slf4j.internal.verbosity", "WARN");
    }
  }

  /** Says at start what is doubtful about the configuration. */
  static void warn(Iterable<ConfigProblem> warnings) {
    Logger log = LoggerFactory.getLogger("dev.gatehouse.config");
    for (ConfigProblem warning : warnings) {
      log.warn(
          "{} {}: {} [{}]",
          warning.line() > 0 ? "line " + warning.line() : "environment",
          warning.key(),
          warning.message(),
          warning.code());
    }
  }

  /** Says what has turned out to be doubtful since. */
  static void warn(ConfigProblem found) {
    LoggerFactory.getLogger("dev.gatehouse.config")
        .warn("{}: {} [{}]", found.key(), found.message(), found.code());
  }
}
