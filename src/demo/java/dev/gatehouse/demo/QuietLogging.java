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
      java.util.logging.SimpleFormatter.format=%4$s %3$s: %5$s%n
      """;

  private QuietLogging() {}

  /** Has to be called before anything logs. */
  static void install() {
    System.setProperty("logback.configurationFile", LOGBACK);
    try {
      LogManager.getLogManager().readConfiguration(new ByteArrayInputStream(JUL.getBytes(UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
