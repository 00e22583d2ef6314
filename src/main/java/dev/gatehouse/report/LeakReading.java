package dev.gatehouse.report;

/**
 * The leak report for whoever has no management port, above all through JMX: the same texts. Safe
 * for concurrent use.
 */
public interface LeakReading {
  /** The report as JSON. */
  String json();

  /** The rows of the report as comma-separated values (RFC 4180). */
  String csv();
}
