package dev.gatehouse.proxy;

import dev.gatehouse.hygiene.LogCleaner;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request: method, path and query, status, bytes, milliseconds, client address.
 * In the query all that is or could be a secret is masked, and that of the gateway's own paths is
 * left out; never a cookie or a field (TH-SEC-6, TH-LEAK-14). Control characters are escaped
 * (TH-SEC-7).
 */
final class AccessLog implements RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.access");
  private static final int LONGEST = 1024;
  private static final String OWN_PATHS = "/gatehouse";

  private final LogCleaner cleaner;

  AccessLog(LogCleaner cleaner) {
    this.cleaner = cleaner;
  }

  @Override
  public void log(Request request, Response response) {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    long begin = request.getBeginNanoTime();
    boolean unread = isMadeUp(request);
    write(
        unread ? "-" : request.getMethod(),
        unread ? "-" : target(path(request), request.getHttpURI()),
        response.getStatus(),
        Response.getContentBytesWritten(response),
        begin == 0 ? 0 : NanoTime.millisSince(begin),
        Request.getRemoteAddr(request));
  }

  /**
   * Leaves the same line for a head of HTTP/2 that was refused before it was a request.
   *
   * @param head what could be read of it; null for nothing
   */
  void refused(MetaData.Request head, int status, InetSocketAddress client) {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    write(
        head == null ? "-" : head.getMethod(),
        head == null ? "-" : target(raw(head.getHttpURI()), head.getHttpURI()),
        status,
        0,
        0,
        Request.getHostName(client));
  }

  private static void write(
      String method, String target, int status, long bytes, long millis, String client) {
    LOG.info(
        "{} {} {} {} bytes {} ms {}",
        printable(method),
        printable(target),
        status,
        bytes,
        millis,
        client);
  }

  /**
   * Whether Jetty made it up for bytes that were no request: in HTTP/1.1 it has no time then, in
   * HTTP/2 no field, where every other has its Host.
   */
  private static boolean isMadeUp(Request request) {
    return request.getBeginNanoTime() == 0
        || request.getHeaders().size() == 0 && ProxyExchange.isHttp2(request);
  }

  private String target(String path, HttpURI uri) {
    String query = uri.getQuery();
    return query == null || isOwn(path) ? path : path + '?' + cleaner.query(query);
  }

  /** In doubt it is one of ours: a base path may stand before it. */
  private static boolean isOwn(String path) {
    return path.toLowerCase(Locale.ROOT).contains(OWN_PATHS);
  }

  /** The judged path; where there was no judgement, what came before parameters. */
  private String path(Request request) {
    if (request.getAttribute(ProxyExchange.PATH_ATTRIBUTE) instanceof String judged) {
      return cleaner.path(judged);
    }
    return raw(request.getHttpURI());
  }

  private String raw(HttpURI uri) {
    return uri.getPath() == null ? "-" : cleaner.path(uri.getPath());
  }

  private static String printable(String text) {
    if (text.isEmpty()) {
      return "-";
    }
    int length = Math.min(text.length(), LONGEST);
    boolean clean = length == text.length();
    for (int i = 0; clean && i < length; i++) {
      clean = text.charAt(i) > ' ' && text.charAt(i) < 0x7f;
    }
    if (clean) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c > ' ' && c < 0x7f) {
        escaped.append(c);
      } else {
        escaped.append(String.format("\\u%04x", (int) c));
      }
    }
    return escaped.toString();
  }
}
