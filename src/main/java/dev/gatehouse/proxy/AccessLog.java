package dev.gatehouse.proxy;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request: method, path, status, bytes, milliseconds, client address. Never a
 * query, a cookie or a field (TH-SEC-6, TH-LEAK-14); control characters are escaped (TH-SEC-7).
 */
final class AccessLog implements RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.access");
  private static final int LONGEST = 1024;

  @Override
  public void log(Request request, Response response) {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    // Jetty makes a request up for bytes that were none: no time, no path.
    long begin = request.getBeginNanoTime();
    boolean unread = begin == 0;
    LOG.info(
        "{} {} {} {} bytes {} ms {}",
        unread ? "-" : printable(request.getMethod()),
        unread ? "-" : printable(path(request)),
        response.getStatus(),
        Response.getContentBytesWritten(response),
        unread ? 0 : NanoTime.millisSince(begin),
        Request.getRemoteAddr(request));
  }

  /** The judged path; where there was no judgement, what came before parameters and query. */
  private static String path(Request request) {
    if (request.getAttribute(ProxyExchange.PATH_ATTRIBUTE) instanceof String judged) {
      return judged;
    }
    String raw = request.getHttpURI().getPath();
    if (raw == null) {
      return "-";
    }
    int parameters = raw.indexOf(';');
    return parameters < 0 ? raw : raw.substring(0, parameters);
  }

  private static String printable(String text) {
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
