package dev.gatehouse.servlet;

import dev.gatehouse.gate.Forward;
import dev.gatehouse.gate.TrailerFields;
import dev.gatehouse.identity.HeaderField;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The header fields that the app sees: the client's without those that are removed, then those that
 * the gateway adds (TH-HDR-1, TH-HDR-5). Works on the request that it is given, because a container
 * may exchange the one below a wrapper while it dispatches.
 */
final class AppHeaders {
  private final Forward forward;

  AppHeaders(Forward forward) {
    this.forward = forward;
  }

  /** The first value, null where there is none. */
  String first(HttpServletRequest inbound, String name) {
    String value = firstInbound(inbound, name);
    return value != null ? value : firstAdded(name);
  }

  /** Whether the app may see {@code name} otherwise than the container does. */
  boolean concerns(String name) {
    return forward.removes(name) || isRewritten(name) || firstAdded(name) != null;
  }

  /** All values, in order. */
  List<String> all(HttpServletRequest inbound, String name) {
    List<String> values = new ArrayList<>();
    if (isRewritten(name)) {
      Collections.list(inbound.getHeaders(name)).forEach(line -> addRewritten(name, line, values));
    } else if (!forward.removes(name)) {
      values.addAll(Collections.list(inbound.getHeaders(name)));
    }
    for (HeaderField field : forward.added()) {
      if (field.name().equalsIgnoreCase(name)) {
        values.add(field.value());
      }
    }
    return values;
  }

  /** The names of all fields that have a value, each once whatever its case. */
  Set<String> names(HttpServletRequest inbound) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : Collections.list(inbound.getHeaderNames())) {
      if (!forward.removes(name) && (!isRewritten(name) || firstInbound(inbound, name) != null)) {
        names.add(name);
      }
    }
    forward.added().forEach(field -> names.add(field.name()));
    return names;
  }

  /** The fields behind the body that may come there (RFC 9110 §6.5.1). */
  Map<String, String> trailers(Map<String, String> inbound) {
    Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    inbound.forEach(
        (name, value) -> {
          if (TrailerFields.reachesApp(forward, name)) {
            kept.put(name, value);
          }
        });
    return kept;
  }

  /** Whether the app may see a cookie of that name. */
  boolean showsCookie(String name) {
    return forward.cookie(name + "=") != null;
  }

  private String firstInbound(HttpServletRequest inbound, String name) {
    if (isRewritten(name)) {
      List<String> values = all(inbound, name);
      return values.isEmpty() ? null : values.get(0);
    }
    return forward.removes(name) ? null : inbound.getHeader(name);
  }

  private void addRewritten(String name, String line, List<String> values) {
    String kept = isCookie(name) ? forward.cookie(line) : forward.referer(line);
    if (kept != null) {
      values.add(kept);
    }
  }

  private String firstAdded(String name) {
    for (HeaderField field : forward.added()) {
      if (field.name().equalsIgnoreCase(name)) {
        return field.value();
      }
    }
    return null;
  }

  /** Whether the gate shows a part of a field that it does not remove. */
  private static boolean isRewritten(String name) {
    return isCookie(name) || name.equalsIgnoreCase("Referer");
  }

  private static boolean isCookie(String name) {
    return name.equalsIgnoreCase("Cookie");
  }
}
