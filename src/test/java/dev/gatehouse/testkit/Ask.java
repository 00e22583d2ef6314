package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.identity.HeaderField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One request as a browser would make it. Immutable: each method gives a changed copy.
 *
 * @param target an absolute URL, or a path at the gateway
 * @param body null for none
 */
public record Ask(
    String method, String target, Kind kind, String site, List<HeaderField> headers, byte[] body) {
  /** What makes a browser send a request, as Fetch Metadata tells it. */
  public enum Kind {
    NAVIGATION("navigate", "document"),
    IFRAME("navigate", "iframe"),
    OBJECT("navigate", "object"),
    IMAGE("no-cors", "image"),
    SCRIPT("no-cors", "script"),
    STYLE("no-cors", "style"),
    XHR("cors", "empty"),
    WEBSOCKET("websocket", "websocket"),
    /** A client that knows nothing of Fetch Metadata. */
    OLD(null, null);

    final String mode;
    final String destination;

    Kind(String mode, String destination) {
      this.mode = mode;
      this.destination = destination;
    }
  }

  public Ask {
    headers = List.copyOf(headers);
  }

  /** The user opens a page. */
  public static Ask get(String target) {
    return of("GET", target);
  }

  /** A request of any method, made as a navigation. */
  public static Ask of(String method, String target) {
    return new Ask(method, target, Kind.NAVIGATION, "none", List.of(), null);
  }

  /** The user sends a form of our own pages. */
  public static Ask form(String target, Map<String, String> fields) {
    return of("POST", target)
        .site("same-origin")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(Query.write(fields));
  }

  /** As another kind of request. */
  public Ask kind(Kind other) {
    return new Ask(method, target, other, site, headers, body);
  }

  /** With another value of Sec-Fetch-Site; {@code cross-site} also keeps back cookies. */
  public Ask site(String other) {
    return new Ask(method, target, kind, other, headers, body);
  }

  /** With one more field; one of a name that a browser sends itself replaces that. */
  public Ask header(String name, String value) {
    List<HeaderField> more = new ArrayList<>(headers);
    more.add(new HeaderField(name, value));
    return new Ask(method, target, kind, site, more, body);
  }

  /** With that body. */
  public Ask body(byte[] bytes) {
    return new Ask(method, target, kind, site, headers, bytes.clone());
  }

  /** With that body in UTF-8. */
  public Ask body(String text) {
    return body(text.getBytes(UTF_8));
  }

  boolean has(String name) {
    return headers.stream().anyMatch(h -> h.name().equalsIgnoreCase(name));
  }
}
