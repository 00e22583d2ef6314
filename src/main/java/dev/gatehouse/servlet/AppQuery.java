package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the app sees of a query from which the gate has taken a token (TH-LEAK-5): wherever the
 * container shows the query, and in the parameters that it has made of it. A dispatch may bring a
 * query of its own, which is shown as it is. Immutable.
 */
final class AppQuery {
  private final String original;
  private final String shown;

  /**
   * @param original as the client sent it; null for none
   * @param shown what is left of it; null for none
   */
  AppQuery(String original, String shown) {
    this.original = original;
    this.shown = shown;
  }

  /** Whether the app sees anything else than the container does. */
  boolean isChanged() {
    return !Objects.equals(original, shown);
  }

  /** What to show where the container has {@code query}. */
  String shown(String query) {
    return isChanged() && original != null && original.equals(query) ? shown : query;
  }

  /**
   * The container's parameters with those of the client's query replaced by what is left of them.
   * Values of a form, and of the query of a dispatch, stay as and where they are; a list in which
   * the client's values cannot be told from others is left out.
   */
  Map<String, List<String>> parameters(Map<String, List<String>> container) {
    if (!isChanged()) {
      return container;
    }
    Map<String, List<String>> before = parse(original);
    Map<String, List<String>> after = parse(shown);
    Map<String, List<String>> result = new LinkedHashMap<>();
    container.forEach(
        (name, values) -> {
          List<String> rest =
              replaced(
                  values,
                  before.getOrDefault(name, List.of()),
                  after.getOrDefault(name, List.of()));
          if (!rest.isEmpty()) {
            result.put(name, rest);
          }
        });
    // What stood behind a semicolon may have become a parameter of its own.
    after.forEach(result::putIfAbsent);
    return result;
  }

  private static List<String> replaced(List<String> all, List<String> before, List<String> after) {
    if (before.equals(after)) {
      return all;
    }
    int at = Collections.indexOfSubList(all, before);
    if (at < 0) {
      return after;
    }
    List<String> result = new ArrayList<>(all.subList(0, at));
    result.addAll(after);
    result.addAll(all.subList(at + before.size(), all.size()));
    return result;
  }

  /** As containers do: at ampersands alone, in the order of the query (Servlet 5.0 §3.1). */
  private static Map<String, List<String>> parse(String query) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        parameters.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException badEscape) {
      return text;
    }
  }
}
