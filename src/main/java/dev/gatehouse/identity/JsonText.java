package dev.gatehouse.identity;

import java.util.List;

/**
 * JSON in ASCII alone, which every header field can carry (RFC 8259 §7); {@code <} and {@code >}
 * are escaped too, for apps that print what they get.
 */
final class JsonText {
  private JsonText() {}

  /** An array of strings without white space. */
  static String array(List<String> items) {
    StringBuilder json = new StringBuilder("[");
    for (String item : items) {
      json.append(json.length() == 1 ? "\"" : ",\"");
      item.chars().forEach(c -> append(json, (char) c));
      json.append('"');
    }
    return json.append(']').toString();
  }

  private static void append(StringBuilder json, char c) {
    if (c == '"' || c == '\\') {
      json.append('\\').append(c);
    } else if (c < 0x20 || c >= 0x7f || c == '<' || c == '>') {
      json.append(String.format("\\u%04x", (int) c));
    } else {
      json.append(c);
    }
  }
}
