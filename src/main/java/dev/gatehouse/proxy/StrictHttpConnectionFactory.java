package dev.gatehouse.proxy;

import java.time.Duration;
import org.eclipse.jetty.http.CookieCompliance;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

/** Makes connections that speak RFC 9112 and nothing that resembles it (TH-HTTP-3, TH-HTTP-4). */
final class StrictHttpConnectionFactory extends HttpConnectionFactory {
  /**
   * The engine judges paths, so that both doors refuse the same ones; the raw path has to reach it.
   * A fragment or user-info in a target is no path at all.
   */
  private static final UriCompliance RAW_PATHS =
      UriCompliance.UNSAFE.without(
          "RAW_PATHS",
          UriCompliance.Violation.FRAGMENT,
          UriCompliance.Violation.USER_INFO,
          UriCompliance.Violation.ILLEGAL_PATH_CHARACTERS);

  private final Duration headTimeout;

  StrictHttpConnectionFactory(int maxHeadBytes, Duration headTimeout) {
    super(configuration(maxHeadBytes));
    this.headTimeout = headTimeout;
  }

  private static HttpConfiguration configuration(int maxHeadBytes) {
    HttpConfiguration http = new HttpConfiguration();
    http.setHttpCompliance(HttpCompliance.STRICT);
    http.setUriCompliance(RAW_PATHS);
    http.setRequestCookieCompliance(CookieCompliance.RFC6265);
    http.setRequestHeaderSize(maxHeadBytes);
    // An answer's head is the app's and the gateway's together: cookies of a login, a long CSP.
    http.setMaxResponseHeaderSize(4 * maxHeadBytes);
    // Jetty would keep the last values of Cookie and Authorization of each connection, in a hundred
    // kilobytes. A token of some length fits in badly, and costs a third of its request.
    http.setHeaderCacheSize(0);
    // Else Jetty spells common values its own way, gzip for GZIP, in the lines that it reads.
    http.setHeaderCacheCaseSensitive(true);
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setSendDateHeader(true);
    return http;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    StrictHttpConnection connection =
        new StrictHttpConnection(getHttpConfiguration(), connector, endPoint, headTimeout);
    return configure(connection, connector, endPoint);
  }
}
