package dev.gatehouse.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpSenderOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * Jetty's HTTP/1.1 to the app with two differences: a connection on which more came than an answer
 * is used no more, and an app that has answered and closed before it had all of the request is
 * still heard. Jetty gives up reading when it cannot write; what the app sent before lies in the
 * kernel and is the answer (RFC 9112 §9.6).
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

  /**
   * Gives back what was read from the app and wanted by nobody. Jetty forgets its buffer where an
   * exchange is aborted between two reads. To be called only by who reads an answer, instead of
   * reading on, and never behind its end.
   */
  static void drop(EndPoint endPoint) {
    if (endPoint.getConnection() instanceof ListeningConnection connection
        && connection.getHttpChannel() instanceof ListeningChannel channel) {
      channel.drop();
    }
  }

  /**
   * Keeps the buffer of {@code chunk} from others while its connection is being read: where an app
   * breaks off, Jetty clears the buffer that it began to read with, whose it may be by then.
   */
  static void hold(EndPoint endPoint, Content.Chunk chunk) {
    if (chunk.canRetain()
        && endPoint.getConnection() instanceof ListeningConnection connection
        && connection.getHttpChannel() instanceof ListeningChannel channel) {
      channel.hold(chunk);
    }
  }

  private static final class ListeningConnection extends HttpConnectionOverHTTP {
    ListeningConnection(EndPoint endPoint, Map<String, Object> context) {
      super(endPoint, context);
    }

    @Override
    protected HttpChannelOverHTTP newHttpChannel() {
      return new ListeningChannel(this);
    }
  }

  private static final class ListeningChannel extends HttpChannelOverHTTP {
    // Made within the constructor of the superclass: must have no initializer here.
    private WaryReceiver receiver;

    private final AtomicBoolean unwanted = new AtomicBoolean();

    private final AtomicReference<Content.Chunk> held = new AtomicReference<>();

    /** How many are parsing, and may have the buffer in hand: one, and one who is just leaving. */
    private final AtomicInteger receiving = new AtomicInteger();

    ListeningChannel(HttpConnectionOverHTTP connection) {
      super(connection);
    }

    @Override
    public void receive() {
      receiving.incrementAndGet();
      try {
        super.receive();
      } finally {
        if (receiving.decrementAndGet() == 0) {
          letGo();
          dropUnwanted();
        }
      }
    }

    void hold(Content.Chunk chunk) {
      if (receiving.get() > 0 && held.get() == null) {
        chunk.retain();
        if (!held.compareAndSet(null, chunk)) {
          chunk.release();
        } else if (receiving.get() == 0) {
          letGo();
        }
      }
    }

    private void letGo() {
      if (held.get() != null) {
        Content.Chunk chunk = held.getAndSet(null);
        if (chunk != null) {
          chunk.release();
        }
      }
    }

    void drop() {
      unwanted.set(true);
      if (receiving.get() == 0) {
        dropUnwanted();
      }
    }

    private void dropUnwanted() {
      if (unwanted.get() && unwanted.compareAndSet(true, false)) {
        receiver.drop();
      }
    }

    @Override
    protected HttpSenderOverHTTP newHttpSender() {
      return new ListeningSender(this);
    }

    @Override
    protected HttpReceiverOverHTTP newHttpReceiver() {
      receiver = new WaryReceiver(this);
      return receiver;
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
