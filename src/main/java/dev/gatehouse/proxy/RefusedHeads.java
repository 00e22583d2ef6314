package dev.gatehouse.proxy;

import dev.gatehouse.ops.GatewayMetrics;
import java.net.InetSocketAddress;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;

/**
 * What stays of heads of HTTP/2 that are refused with a frame, before there is a request: the line
 * in the access log and the count that a bad request of HTTP/1.1 has. How often one connection can
 * come to this is limited before: a stream takes part in its rate control, a connection ends.
 */
final class RefusedHeads {
  private final AccessLog log;
  private final GatewayMetrics metrics;

  RefusedHeads(AccessLog log, GatewayMetrics metrics) {
    this.log = log;
    this.metrics = metrics;
  }

  /**
   * One has been refused.
   *
   * @param head what could be read of it; null for nothing
   */
  void leave(MetaData.Request head, EndPoint from) {
    if (from.getRemoteSocketAddress() instanceof InetSocketAddress client) {
      log.refused(head, HttpStatus.BAD_REQUEST_400, client);
    }
    metrics.requestEnded(false, HttpStatus.BAD_REQUEST_400, 0);
  }
}
