package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.identity.HeaderField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP/1.1 server on loopback that hides nothing: a thread for each connection. */
final class WireServer implements AutoCloseable {
  /** Answers one request, well or badly. */
  interface Handler {
    void handle(WireExchange exchange) throws IOException;
  }

  private final ServerSocket listener;
  private final Handler handler;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool(WireServer::daemon);

  /** Listens at once; port 0 takes a free one. */
  WireServer(int port, Handler handler) {
    this(listening(port), handler);
  }

  /** Serves at {@code listener}, which may speak TLS. */
  WireServer(ServerSocket listener, Handler handler) {
    this.listener = listener;
    this.handler = handler;
    threads.execute(this::accept);
  }

  private static ServerSocket listening(int port) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 512);
      return listener;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        return; // closed, by us
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      WireReader reader = new WireReader(socket.getInputStream());
      boolean more = true;
      while (more) {
        WireReader.Head head = reader.head();
        if (head == null) {
          return;
        }
        if ("100-continue".equalsIgnoreCase(head.field("Expect"))) {
          socket.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
        }
        List<HeaderField> trailers = new ArrayList<>();
        byte[] body = reader.body(head, false, trailers);
        WireExchange exchange = new WireExchange(head, body, trailers, socket, closing);
        handler.handle(exchange);
        more = exchange.persistent() && !"close".equalsIgnoreCase(head.field("Connection"));
      }
    } catch (IOException | NumberFormatException e) {
      // The other side went away or sent nonsense; what was recorded tells the test.
    } finally {
      open.remove(socket);
    }
  }

  /** Ends every connection and every wait at once. */
  @Override
  public void close() {
    closing.countDown();
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "wire-server");
    thread.setDaemon(true);
    return thread;
  }
}
