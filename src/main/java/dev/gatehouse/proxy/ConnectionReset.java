package dev.gatehouse.proxy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a client's connection with a TCP reset and, over TLS, without a closure alert (RFC 8446
 * §6.1). A body without announced length ends with the connection, so an orderly end would make a
 * cut answer look whole.
 */
final class ConnectionReset {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionReset.class);

  private ConnectionReset() {}

  /**
   * Resets the connection on which {@code request} came. In HTTP/2 that is the stream alone, which
   * Jetty resets where a request fails.
   */
  static void of(Request request, Throwable cause) {
    if (ProxyExchange.isHttp2(request)) {
      return;
    }
    EndPoint endPoint =
        BareEndPoint.of(request.getConnectionMetaData().getConnection().getEndPoint());
    if (endPoint.getTransport() instanceof SocketChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        LOG.debug("the client's connection has ended already", e);
      }
    }
    endPoint.close(cause);
  }
}
