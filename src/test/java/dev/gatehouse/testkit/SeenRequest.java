package dev.gatehouse.testkit;

import static java.util.stream.Collectors.joining;

import dev.gatehouse.identity.HeaderField;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request as the app behind the gateway saw it.
 *
 * @param target path and query
 * @param mappedPath the path as a servlet reads it; empty behind the proxy door
 * @param remoteUser what a servlet asks the container; empty behind the proxy door
 */
public record SeenRequest(
    String method,
    String target,
    List<HeaderField> headers,
    List<HeaderField> trailers,
    byte[] body,
    Optional<String> mappedPath,
    Optional<String> remoteUser) {
  /** The path without the query. */
  public String path() {
    return target.split("\\?", 2)[0];
  }

  /** The parameters of the query. */
  public Map<String, List<String>> query() {
    String[] parts = target.split("\\?", 2);
    return Query.parse(parts.length > 1 ? parts[1] : "");
  }

  /** All values of that header. */
  public List<String> headers(String name) {
    return headers.stream()
        .filter(h -> h.name().equalsIgnoreCase(name))
        .map(HeaderField::value)
        .toList();
  }

  /** The only value of that header; null where there is none. */
  public String header(String name) {
    List<String> values = headers(name);
    if (values.size() > 1) {
      throw new AssertionError(name + " reached the app more than once: " + values);
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** Names and values as text, to search for what must not be there. */
  public String everything() {
    return method + " " + target + "\n" + lines(headers) + lines(trailers) + remoteUser;
  }

  private static String lines(List<HeaderField> fields) {
    return fields.stream().map(f -> f.name() + ": " + f.value() + "\n").collect(joining());
  }
}
