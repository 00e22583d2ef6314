package dev.gatehouse.proxy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/** TLS whose handshake has to end in time, however many bytes drop in meanwhile (TH-DOS-10). */
final class TimelySslConnectionFactory extends SslConnectionFactory {
  private final Duration handshakeTimeout;

  TimelySslConnectionFactory(
      SslContextFactory.Server context, String nextProtocol, Duration handshakeTimeout) {
    super(context, nextProtocol);
    this.handshakeTimeout = handshakeTimeout;
  }

  @Override
  protected SslConnection newSslConnection(
      Connector connector, EndPoint endPoint, SSLEngine engine) {
    SslConnection connection = super.newSslConnection(connector, endPoint, engine);
    Scheduler.Task deadline =
        connector
            .getScheduler()
            .schedule(
                () -> endPoint.close(new TimeoutException("TLS handshake too slow")),
                handshakeTimeout.toNanos(),
                TimeUnit.NANOSECONDS);
    connection.addHandshakeListener(
        new SslHandshakeListener() {
          @Override
          public void handshakeSucceeded(Event event) {
            deadline.cancel();
          }

          @Override
          public void handshakeFailed(Event event, Throwable failure) {
            deadline.cancel();
          }
        });
    return connection;
  }
}
