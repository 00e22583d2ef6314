package dev.gatehouse.report;

import dev.gatehouse.backchannel.LogText;
import java.util.Locale;

/** Texts from outside, made fit for a table: short, in one line, and what they look like. */
final class Words {
  private static final int MAX_HOST_CHARS = 80;

  private Words() {}

  /** {@code text} without what cannot be seen or turns a line round, at most so long. */
  static String line(String text, int maxChars) {
    boolean plain = text.length() <= maxChars;
    for (int i = 0; plain && i < text.length(); i++) {
      plain = text.charAt(i) >= ' ' && text.charAt(i) <= '~';
    }
    if (plain) {
      return text;
    }
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(maxChars)
        .forEach(c -> line.appendCodePoint(LogText.printable(c) ? c : '\uFFFD'));
    return text.codePointCount(0, text.length()) > maxChars ? line + "…" : line.toString();
  }

  /** A host as it can be believed: of the characters that hosts have; else that it has others. */
  static String host(String host) {
    if (host.isEmpty()) {
      return "(none)";
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!letter && "-._:[]".indexOf(c) < 0) {
        return "(unreadable)";
      }
    }
    // The end of a name says whose it is.
    return host.length() <= MAX_HOST_CHARS
        ? host.toLowerCase(Locale.ROOT)
        : "…" + host.substring(host.length() - MAX_HOST_CHARS).toLowerCase(Locale.ROOT);
  }

  /** Whether {@code text} contains {@code part}, in any case. */
  static boolean contains(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
