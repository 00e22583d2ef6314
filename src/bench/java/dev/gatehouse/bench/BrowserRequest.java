package dev.gatehouse.bench;

import dev.gatehouse.gate.ClientRequest;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/**
 * A request with the fifteen fields that a browser sends, held as the standalone gateway holds one:
 * in Jetty's fields, with known names as constants.
 */
final class BrowserRequest implements ClientRequest {
  private final String method;
  private final String path;
  private final String query;
  private final HttpFields fields;

  private BrowserRequest(String method, String path, String query, HttpFields fields) {
    this.method = method;
    this.path = path;
    this.query = query;
    this.fields = fields;
  }

  /**
   * A GET.
   *
   * @param target path and query
   * @param credential the field that says who asks: Cookie or Authorization
   */
  static BrowserRequest get(String target, HttpField credential) {
    HttpFields.Mutable fields =
        HttpFields.build()
            .add("Host", "app.example")
            .add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0")
            .add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
            .add("Accept-Language", "en-GB,en;q=0.7,ko;q=0.3")
            .add("Accept-Encoding", "gzip, deflate, br, zstd")
            .add("Referer", "https://app.example/orders?page=1&sort=date")
            .add("Connection", "keep-alive")
            .add("Upgrade-Insecure-Requests", "1")
            .add("Sec-Fetch-Dest", "document")
            .add("Sec-Fetch-Mode", "navigate")
            .add("Sec-Fetch-Site", "same-origin")
            .add("Sec-Fetch-User", "?1")
            .add("Priority", "u=0, i")
            .add("Cache-Control", "max-age=0")
            .add(credential);
    int mark = target.indexOf('?');
    return new BrowserRequest(
        "GET",
        mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? null : target.substring(mark + 1),
        fields.asImmutable());
  }

  /** The same without one field. */
  BrowserRequest without(String name) {
    HttpFields less = HttpFields.build(fields).remove(name).asImmutable();
    return new BrowserRequest(method, path, query, less);
  }

  HttpFields fields() {
    return fields;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String rawPath() {
    return path;
  }

  @Override
  public String rawQuery() {
    return query;
  }

  @Override
  public String authority() {
    return fields.get("Host");
  }

  @Override
  public boolean secure() {
    return true;
  }

  @Override
  public String peerAddress() {
    return "203.0.113.7";
  }

  @Override
  public String header(String name) {
    return fields.get(name);
  }

  @Override
  public List<String> headers(String name) {
    return fields.getValuesList(name);
  }

  @Override
  public Optional<String> mappedPath() {
    return Optional.empty();
  }
}
