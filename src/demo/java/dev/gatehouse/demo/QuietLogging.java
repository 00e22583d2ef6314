package dev.gatehouse.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.logging.LogManager;

/**
 * Warnings alone, one line each, on standard error: the console belongs to what the demo prints.
 */
final class QuietLogging {
  private static final String LOGBACK = "dev/gatehouse/demo/logback-demo.xml";
  private static final String JUL =
      """
      handlers=java.util.logging.ConsoleHandler
      .level=WARNING
      dev.gatehouse.servlet.level=SEVERE
      java.util.logging.SimpleFormatter.format=%4$s %3$s: %5$s%n
      """;

  private QuietLogging() {}

  /**
   * Has to be called before anything logs. The filter alone has to be louder than a warning: it
   * would warn of plain HTTP, which a demo on loopback cannot do without.
   */
  static void install() {
    System.setProperty("logback.configurationFile", LOGBACK);
    try {
      LogManager.getLogManager().readConfiguration(new ByteArrayInputStream(JUL.getBytes(UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
