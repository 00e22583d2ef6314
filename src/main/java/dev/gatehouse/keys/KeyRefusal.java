package dev.gatehouse.keys;

import java.util.Objects;

/**
 * A file with a key cannot be used. The message goes on after "which" (the file), says the remedy
 * and never holds anything of the file; for the same reason there is no cause.
 */
public final class KeyRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code a fixed word for tests and monitoring
   */
  public KeyRefusal(String code, String message) {
    super(Objects.requireNonNull(message, "message"));
    this.code = Objects.requireNonNull(code, "code");
  }

  /** The fixed word, such as {@code weak-key}. */
  public String code() {
    return code;
  }
}
