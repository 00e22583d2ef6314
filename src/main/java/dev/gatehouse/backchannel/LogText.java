package dev.gatehouse.backchannel;

import dev.gatehouse.seal.Secret;

/** Makes text from outside fit for one line of a log (TH-TOK-9, TH-SEC-7). */
public final class LogText {
  private static final int MAX_CHARS = 200;

  private LogText() {}

  /**
   * {@code text} without control, format and line-separating characters, at most 200 characters;
   * {@code sent} are values that the OP may have echoed, and are blotted out.
   */
  public static String clean(Object text, Secret... sent) {
    String line = String.valueOf(text);
    for (Secret secret : sent) {
      if (!secret.reveal().isEmpty()) {
        line = line.replace(secret.reveal(), "[redacted]");
      }
    }
    StringBuilder cleaned = new StringBuilder();
    line.codePoints().filter(LogText::printable).limit(MAX_CHARS).forEach(cleaned::appendCodePoint);
    return cleaned.toString();
  }

  /**
   * Whether a log may show {@code codePoint} as it is. FORMAT holds the bidirectional overrides,
   * with which a line can be made to read backwards.
   */
  public static boolean printable(int codePoint) {
    int type = Character.getType(codePoint);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && type != Character.SURROGATE
        && type != Character.UNASSIGNED;
  }
}
