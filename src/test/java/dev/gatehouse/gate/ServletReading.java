package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How servlet containers read a path (Servlet 6.0 §3.5.2): cut path parameters off each segment,
 * decode, drop empty and dot segments. Written as simply as can be, to compare with.
 */
final class ServletReading {
  private ServletReading() {}

  static String of(String rawPath) {
    Deque<String> segments = new ArrayDeque<>();
    for (String raw : rawPath.split("/", -1)) {
      String segment = decoded(raw.split(";", 2)[0]);
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.equals(".") && !segment.isEmpty()) {
        segments.addLast(segment);
      }
    }
    String path = "/" + String.join("/", segments);
    return rawPath.endsWith("/") && !segments.isEmpty() ? path + "/" : path;
  }

  static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }
}
