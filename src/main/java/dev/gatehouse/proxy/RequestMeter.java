package dev.gatehouse.proxy;

import dev.gatehouse.ops.GatewayMetrics;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;

/** Counts each request when it has ended, and how long it took. */
final class RequestMeter implements RequestLog {
  private final GatewayMetrics metrics;

  RequestMeter(GatewayMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void log(Request request, Response response) {
    // Jetty makes a request up for bytes that were none, and gives it no time.
    long begin = request.getBeginNanoTime();
    metrics.requestEnded(
        request.getAttribute(ProxyExchange.PATH_ATTRIBUTE) != null,
        response.getStatus(),
        begin == 0 ? 0 : NanoTime.since(begin));
  }
}
