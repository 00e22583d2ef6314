package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.gatehouse.identity.HeaderField;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One call that reached {@link StubOp}.
 *
 * @param endpoint such as {@code token} or {@code jwks}
 * @param target path and query as they came
 * @param certificate what the client showed in TLS
 */
public record OpCall(
    String endpoint,
    String method,
    String target,
    List<HeaderField> headers,
    byte[] body,
    Optional<X509Certificate> certificate) {
  static OpCall of(String endpoint, WireExchange exchange) {
    return new OpCall(
        endpoint,
        exchange.method(),
        exchange.target(),
        exchange.headers(),
        exchange.body(),
        exchange.certificate());
  }

  /** The form in the body. */
  public Map<String, List<String>> form() {
    return Query.parse(new String(body, UTF_8));
  }

  /** The first value of a form parameter; null where there is none. */
  public String form(String name) {
    List<String> values = form().get(name);
    return values == null ? null : values.get(0);
  }

  /** All that was sent as text, to search for what must not be there. */
  public String everything() {
    return method
        + " "
        + target
        + "\n"
        + headers.stream().map(f -> f.name() + ": " + f.value() + "\n").collect(joining())
        + new String(body, UTF_8);
  }

  /** The parameters of the query. */
  public Map<String, List<String>> query() {
    int mark = target.indexOf('?');
    return Query.parse(mark < 0 ? "" : target.substring(mark + 1));
  }

  /** The first field of that name; null where there is none. */
  public String header(String name) {
    return headers.stream()
        .filter(h -> h.name().equalsIgnoreCase(name))
        .map(HeaderField::value)
        .findFirst()
        .orElse(null);
  }
}
