package dev.gatehouse.cli;

import dev.gatehouse.config.ConfigProblem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the standalone gateway's log goes: JSON lines on standard error. */
final class Logging {
  private static final String CHOICE = "logback.configurationFile";

  private Logging() {}

  /**
   * Chooses the shipped configuration unless the operator names another one; before the first
   * logger is made. It lies in this package, so that no jar brings a {@code logback.xml} to an app.
   */
  static void useShippedConfiguration() {
    if (System.getProperty(CHOICE) == null) {
      System.setProperty(CHOICE, "dev/gatehouse/cli/logback.xml");
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
