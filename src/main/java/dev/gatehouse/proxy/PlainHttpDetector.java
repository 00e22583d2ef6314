package dev.gatehouse.proxy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.DetectorConnectionFactory;

/**
 * Tells HTTP/2 with prior knowledge from HTTP/1.1 by its preface (RFC 9113 §3.3), on a listener
 * without TLS. That has to be told in time, however many bytes drop in meanwhile (TH-DOS-10).
 */
final class PlainHttpDetector extends DetectorConnectionFactory {
  private final Duration headTimeout;

  PlainHttpDetector(StrictHttp2ConnectionFactory h2c, Duration headTimeout) {
    super(h2c);
    this.headTimeout = headTimeout;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    Connection undecided = super.newConnection(connector, endPoint);
    connector
        .getScheduler()
        .schedule(
            () -> {
              if (endPoint.getConnection() == undecided) {
                endPoint.close(new TimeoutException("neither HTTP/1.1 nor HTTP/2 in time"));
              }
            },
            headTimeout.toNanos(),
            TimeUnit.NANOSECONDS);
    return undecided;
  }
}
