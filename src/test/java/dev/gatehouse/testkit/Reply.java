package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.identity.HeaderField;
import java.util.List;
import java.util.Map;

/** An answer as it came over the wire. */
public record Reply(
    int status, List<HeaderField> headers, byte[] head, byte[] body, List<HeaderField> trailers) {
  /** The values of all fields of that name behind the body. */
  public List<String> trailers(String name) {
    return trailers.stream()
        .filter(h -> h.name().equalsIgnoreCase(name))
        .map(HeaderField::value)
        .toList();
  }

  /** The first field of that name; null where there is none. */
  public String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  /** The values of all fields of that name. */
  public List<String> headers(String name) {
    return headers.stream()
        .filter(h -> h.name().equalsIgnoreCase(name))
        .map(HeaderField::value)
        .toList();
  }

  /** Where it redirects to; null where it does not. */
  public String location() {
    return header("Location");
  }

  /** The parameters of {@link #location}, without its fragment. */
  public Map<String, List<String>> locationQuery() {
    String url = location().split("#", 2)[0];
    int mark = url.indexOf('?');
    return Query.parse(mark < 0 ? "" : url.substring(mark + 1));
  }

  /** The cookies that it sets or deletes. */
  public List<SetCookie> cookies() {
    return headers("Set-Cookie").stream().map(SetCookie::parse).toList();
  }

  /** The body as text. */
  public String text() {
    return new String(body, UTF_8);
  }

  /** Head and body as text, byte for byte. */
  public String whole() {
    return new String(head, ISO_8859_1) + new String(body, ISO_8859_1);
  }

  @Override
  public String toString() {
    return whole().substring(0, Math.min(whole().length(), 2000));
  }
}
