package dev.gatehouse.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpSenderOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * Jetty's HTTP/1.1 to the app with one difference: an app that has answered and closed before it
 * had all of the request is still heard. Jetty gives up reading when it cannot write; what the app
 * sent before lies in the kernel and is the answer (RFC 9112 §9.6).
 */
final class UpstreamTransport extends HttpClientTransportOverHTTP {

  UpstreamTransport(ClientConnector connector) {
    super(connector);
  }

  @Override
  public Connection newConnection(EndPoint endPoint, Map<String, Object> context)
      throws IOException {
    HttpConnectionOverHTTP connection = new ListeningConnection(endPoint, context);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return customize(connection, context);
  }

  private static final class ListeningConnection extends HttpConnectionOverHTTP {
    ListeningConnection(EndPoint endPoint, Map<String, Object> context) {
      super(endPoint, context);
    }

    @Override
    protected HttpChannelOverHTTP newHttpChannel() {
      return new HttpChannelOverHTTP(this) {
        @Override
        protected HttpSenderOverHTTP newHttpSender() {
          return new ListeningSender(this);
        }
      };
    }
  }

  private static final class ListeningSender extends HttpSenderOverHTTP {
    ListeningSender(HttpChannelOverHTTP channel) {
      super(channel);
    }

    /** Not for the head: an app that took nothing has answered nothing. */
    @Override
    protected void sendContent(
        HttpExchange exchange, ByteBuffer content, boolean last, Callback callback) {
      Callback patient =
          exchange.getRequest() instanceof UpstreamRequest request
              ? Callback.from(
                  callback::succeeded,
                  failure -> {
                    if (failure instanceof IOException
                        && !(failure instanceof ClosedChannelException)) {
                      request.unsent(() -> callback.failed(failure));
                    } else {
                      callback.failed(failure);
                    }
                  })
              : callback;
      super.sendContent(exchange, content, last, patient);
    }
  }
}
