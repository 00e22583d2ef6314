package dev.gatehouse.hygiene;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The parameters behind the first semicolon of a header field such as Content-Type or
 * Content-Disposition (RFC 9110 §5.6.6, RFC 6266 §4.1).
 *
 * @param parameters in order; names in lower case, values without quotation marks
 * @param sound whether every reader would find the same ones
 */
record FieldParameters(List<Parameter> parameters, boolean sound) {
  /**
   * One parameter.
   *
   * @param value a backslash stands for itself but before a quotation mark or another backslash
   */
  record Parameter(String name, String value) {}

  FieldParameters {
    parameters = List.copyOf(parameters);
  }

  /** The value of the first of that name. */
  Optional<String> first(String name) {
    return parameters.stream().filter(p -> p.name().equals(name)).map(Parameter::value).findFirst();
  }

  /** How many of that name there are. */
  long count(String name) {
    return parameters.stream().filter(p -> p.name().equals(name)).count();
  }

  /**
   * Reads what begins at {@code from}, which is at or before a semicolon.
   *
   * @param from where to begin
   */
  static FieldParameters read(String field, int from) {
    return new Reader(field, from).read();
  }

  private static final class Reader {
    private final String field;
    private final List<Parameter> found = new ArrayList<>(4);
    private boolean sound = true;
    private int at;

    Reader(String field, int from) {
      this.field = field;
      this.at = from;
    }

    FieldParameters read() {
      while (at < field.length()) {
        char c = field.charAt(at);
        if (c == ';' || isBlank(c)) {
          at++;
        } else {
          parameter();
        }
      }
      return new FieldParameters(found, sound);
    }

    private void parameter() {
      int from = at;
      while (at < field.length() && field.charAt(at) != '=' && field.charAt(at) != ';') {
        at++;
      }
      String name = field.substring(from, at).strip().toLowerCase(Locale.ROOT);
      sound &= !name.isEmpty() && name.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"');
      if (at == field.length() || field.charAt(at) == ';') {
        sound = false;
        found.add(new Parameter(name, ""));
        return;
      }
      at++;
      while (at < field.length() && isBlank(field.charAt(at))) {
        at++;
      }
      boolean quoted = at < field.length() && field.charAt(at) == '"';
      found.add(new Parameter(name, quoted ? quoted() : token()));
    }

    private String token() {
      int from = at;
      while (at < field.length() && field.charAt(at) != ';') {
        at++;
      }
      String value = field.substring(from, at).strip();
      sound &= value.indexOf('"') < 0;
      return value;
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      boolean escapedQuote = false;
      at++;
      while (at < field.length() && field.charAt(at) != '"') {
        char next = at + 1 < field.length() ? field.charAt(at + 1) : 0;
        if (field.charAt(at) == '\\' && (next == '"' || next == '\\')) {
          escapedQuote |= next == '"';
          at++;
        }
        value.append(field.charAt(at++));
      }
      boolean closed = at < field.length();
      at++;
      while (at < field.length() && isBlank(field.charAt(at))) {
        at++;
      }
      sound &= closed && (at >= field.length() || field.charAt(at) == ';');
      // Who knows no escapes reads on at the quotation mark, and may find a parameter there.
      sound &= !escapedQuote || value.indexOf("=") < 0;
      return value.toString();
    }

    private static boolean isBlank(char c) {
      return c == ' ' || c == '\t';
    }
  }
}
