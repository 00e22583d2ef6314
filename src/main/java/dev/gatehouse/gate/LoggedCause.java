package dev.gatehouse.gate;

import dev.gatehouse.hygiene.LogCleaner;
import java.util.Optional;

/**
 * An exception as a log may show it: its type, its stack and a message without tokens (TH-LEAK-14).
 * Messages of libraries quote requests.
 */
final class LoggedCause extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int DEEPEST = 10;

  private LoggedCause(Throwable original, String message, Throwable cause) {
    // What writes logs tells the class of this and not what it says of itself.
    super(
        original.getClass().getName() + (message == null ? "" : ": " + message),
        cause,
        false,
        true);
    setStackTrace(original.getStackTrace());
  }

  /** {@code original} itself where its messages are fit for a log. */
  static Throwable of(Throwable original, LogCleaner cleaner) {
    return of(original, cleaner, 0);
  }

  private static Throwable of(Throwable original, LogCleaner cleaner, int depth) {
    Throwable cause = depth < DEEPEST ? original.getCause() : null;
    Throwable shownCause = cause == null ? null : of(cause, cleaner, depth + 1);
    String message = original.getMessage();
    String shown = Optional.ofNullable(message).map(cleaner::text).orElse(null);
    boolean fit =
        shownCause == original.getCause()
            && (message == null || message.equals(shown))
            && original.getSuppressed().length == 0;
    return fit ? original : new LoggedCause(original, shown, shownCause);
  }
}
