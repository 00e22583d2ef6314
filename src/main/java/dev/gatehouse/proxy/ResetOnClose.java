package dev.gatehouse.proxy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the end of a client's connection a TCP reset. A body without announced length ends with the
 * connection, so an orderly end would make a cut answer look whole.
 */
final class ResetOnClose {
  private static final Logger LOG = LoggerFactory.getLogger(ResetOnClose.class);

  private ResetOnClose() {}

  static void prepare(Request request) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    if (endPoint instanceof SslConnection.SslEndPoint tls) {
      endPoint = tls.unwrap();
    }
    if (endPoint.getTransport() instanceof SocketChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        LOG.debug("the client's connection has ended already", e);
      }
    }
  }
}
