package dev.gatehouse.config;

import java.util.Objects;

/**
 * One thing that is wrong with the configuration, in words that mend it and hold no secret.
 *
 * @param severity whether the gateway starts nevertheless
 * @param code a fixed word for tests and monitoring, such as {@code unknown-key}
 * @param key the dotted key, such as {@code session.idle-timeout}
 * @param line the line in the file, from 1; 0 where there is none
 * @param message what is wrong and what would be right
 */
public record ConfigProblem(Severity severity, String code, String key, int line, String message) {
  public ConfigProblem {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(message, "message");
  }

  /** ERROR: no start. WARNING: starts, and says so; {@code --strict} makes it an error. */
  public enum Severity {
    ERROR,
    WARNING
  }

  @Override
  public String toString() {
    return (severity == Severity.ERROR ? "error" : "warning")
        + (line > 0 ? " line " + line : "")
        + " "
        + key
        + ": "
        + message
        + " ["
        + code
        + "]";
  }
}
