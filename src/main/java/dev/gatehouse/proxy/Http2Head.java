package dev.gatehouse.proxy;

import java.util.EnumSet;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;

/**
 * Reads the head of an HTTP/2 request as that of a message which all versions share, so that what
 * is judged behind is one thing (TH-HTTP-5): one Host, which is the {@code :authority} (RFC 9113
 * §8.3.1), one Cookie (§8.2.3), a length where the end is known. Refuses what Jetty lets pass
 * although it is malformed (§8.1.1), above all what would mean something else in HTTP/1.1.
 */
final class Http2Head {
  /** What RFC 9113 §8.2.2 forbids. */
  private static final EnumSet<HttpHeader> OF_A_CONNECTION =
      EnumSet.of(
          HttpHeader.CONNECTION,
          HttpHeader.KEEP_ALIVE,
          HttpHeader.PROXY_CONNECTION,
          HttpHeader.TRANSFER_ENCODING,
          HttpHeader.UPGRADE,
          HttpHeader.HTTP2_SETTINGS);

  /** What RFC 9113 §6.5.2 counts for each field beside its name and value. */
  private static final int FIELD_OVERHEAD = 32;

  private final MetaData.Request head;
  private final boolean ended;
  private final HttpFields.Mutable fields;
  private String host;
  private long length = -1;
  private StringBuilder cookies;

  private Http2Head(MetaData.Request head, boolean ended) {
    this.head = head;
    this.ended = ended;
    this.fields = HttpFields.build(head.getHttpFields().size() + 2);
  }

  /**
   * The head as the rest of the gateway knows it; null where it is malformed.
   *
   * @param ended whether the request has no body
   */
  static MetaData.Request read(MetaData.Request head, boolean ended) {
    return new Http2Head(head, ended).read();
  }

  /** Whether the fields behind a body are such as RFC 9113 §8.2 allows. */
  static boolean isSection(HttpFields trailers) {
    for (HttpField field : trailers) {
      if (!isAllowed(field) || field.getName().startsWith(":")) {
        return false;
      }
    }
    return true;
  }

  /** How large a head is in the way of RFC 9113 §6.5.2, which is also what it costs to keep. */
  static long size(HttpURI uri, HttpFields fields) {
    long size = uri.getPathQuery() == null ? 0 : uri.getPathQuery().length();
    for (HttpField field : fields) {
      String value = field.getValue();
      size += field.getName().length() + (value == null ? 0 : value.length()) + FIELD_OVERHEAD;
    }
    return size;
  }

  private MetaData.Request read() {
    if (head instanceof MetaData.ConnectRequest || !isToken(head.getMethod()) || !isTarget()) {
      return null;
    }
    for (HttpField field : head.getHttpFields()) {
      if (!take(field)) {
        return null;
      }
    }
    if (!takeAuthority() || ended && length > 0) {
      return null;
    }
    if (cookies != null) {
      fields.add(HttpHeader.COOKIE, cookies.toString());
    }
    if (ended && length < 0 && expectsLength(head.getMethod())) {
      fields.add(HttpHeader.CONTENT_LENGTH, "0"); // RFC 9110 §8.6
    }
    return new MetaData.Request(
        head.getBeginNanoTime(),
        head.getMethod(),
        head.getHttpURI(),
        HttpVersion.HTTP_2,
        fields,
        ended ? 0 : awaited());
  }

  /** A stream that goes on after it said 0 has to be waited for: data in it is an error. */
  private long awaited() {
    return length == 0 ? -1 : length;
  }

  private static boolean expectsLength(String method) {
    return HttpMethod.POST.is(method) || HttpMethod.PUT.is(method) || HttpMethod.PATCH.is(method);
  }

  private static boolean isAllowed(HttpField field) {
    HttpHeader known = field.getHeader();
    return !(known != null && OF_A_CONNECTION.contains(known))
        && !(field.getValue() != null && isPadded(field.getValue()));
  }

  private boolean take(HttpField field) {
    String value = field.getValue() == null ? "" : field.getValue();
    HttpHeader known = field.getHeader();
    if (!isAllowed(field)) {
      return false;
    }
    if (known == HttpHeader.HOST) {
      boolean first = host == null;
      host = value;
      return first;
    }
    if (known == HttpHeader.COOKIE) {
      cookies = cookies == null ? new StringBuilder(value) : cookies.append("; ").append(value);
      return true;
    }
    if (known == HttpHeader.CONTENT_LENGTH && !takeLength(value)) {
      return false;
    }
    fields.add(field);
    return true;
  }

  /** RFC 9113 §8.2.1: no white space at either end, which HTTP/1.1 would take off. */
  private static boolean isPadded(String value) {
    return !value.isEmpty()
        && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)));
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** One, of digits; eighteen of them fit a long. */
  private boolean takeLength(String value) {
    if (length >= 0
        || value.isEmpty()
        || value.length() > 18
        || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return false;
    }
    length = Long.parseLong(value);
    return true;
  }

  /** RFC 9113 §8.3.1: Host may stand in for {@code :authority}, but not beside a different one. */
  private boolean takeAuthority() {
    String authority = authority(head.getHttpURI());
    if (authority == null && host == null) {
      return false;
    }
    if (authority != null && host != null && !authority.equalsIgnoreCase(host)) {
      return false;
    }
    String named = authority == null ? host : authority;
    if (named.isEmpty() || named.indexOf('@') >= 0) {
      return false;
    }
    fields.add(HttpHeader.HOST, named);
    return true;
  }

  private static String authority(HttpURI uri) {
    if (uri.getHost() == null) {
      return null;
    }
    return uri.getPort() > 0 ? uri.getHost() + ":" + uri.getPort() : uri.getHost();
  }

  /** What could stand in the request line of RFC 9112 §3, so that it stays one there. */
  private boolean isTarget() {
    HttpURI uri = head.getHttpURI();
    String target = uri.getPathQuery();
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || target == null || uri.getFragment() != null || uri.getUser() != null) {
      return false;
    }
    boolean asterisk = target.equals("*") && HttpMethod.OPTIONS.is(head.getMethod());
    return (asterisk || target.startsWith("/"))
        && target.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
  }

  private static boolean isToken(String method) {
    return !method.isEmpty()
        && method
            .chars()
            .allMatch(c -> c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
  }
}
