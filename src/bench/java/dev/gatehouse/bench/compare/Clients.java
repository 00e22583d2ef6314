package dev.gatehouse.bench.compare;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many clients that each keep a connection, from several addresses of loopback. */
final class Clients implements Closeable {
  private static final int ADDRESSES = 20;
  private static final int THREADS = 4;
  private static final int PATIENCE_MILLIS = 30_000;

  /** A masked text frame (RFC 6455 §5.2); the mask is zero. */
  private static final byte[] FRAME = {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'};

  private final List<Socket> sockets = new ArrayList<>();
  private final Target target;
  private final boolean webSocket;

  private Clients(Target target, boolean webSocket) {
    this.target = target;
    this.webSocket = webSocket;
  }

  /** Connections on which one request has been answered. */
  static Clients keepAlive(Target target, int count) {
    return new Clients(target, false).open(count);
  }

  /** WebSockets on which a frame went there and another came back. */
  static Clients webSockets(Target target, int count) {
    return new Clients(target, true).open(count);
  }

  private Clients open(int count) {
    for (int i = 0; i < count; i++) {
      sockets.add(new Socket());
    }
    each(this::connect);
    return this;
  }

  /** Fails unless every connection still works. */
  void use() {
    each((socket, number) -> ask(socket));
  }

  private interface Step {
    void take(Socket socket, int number) throws IOException;
  }

  private void each(Step step) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int first = thread;
        all.add(
            threads.submit(
                () -> {
                  for (int i = first; i < sockets.size(); i += THREADS) {
                    step.take(sockets.get(i), i);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new CompareFailure(
          "one of " + sockets.size() + " connections to " + target.name() + " fails", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompareFailure("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private void connect(Socket socket, int number) throws IOException {
    byte[] from = {127, 0, 1, (byte) (1 + number % ADDRESSES)};
    socket.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress("127.0.0.1", target.server().port()), PATIENCE_MILLIS);
    if (webSocket) {
      socket.getOutputStream().write(request(upgrade()));
      String head = head(socket.getInputStream());
      if (!head.startsWith("HTTP/1.1 101 ")) {
        throw new IOException("no WebSocket but: " + head);
      }
    }
    ask(socket);
  }

  private void ask(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    if (webSocket) {
      socket.getOutputStream().write(FRAME);
      if (!Arrays.equals(in.readNBytes(EchoOrigin.OK.length), EchoOrigin.OK)) {
        throw new IOException("a WebSocket has another answer than the origin's, or none");
      }
      return;
    }
    socket.getOutputStream().write(request(""));
    String head = head(in);
    int length = target.kib() * 1024;
    if (!head.startsWith("HTTP/1.1 200 ") || in.readNBytes(length).length < length) {
      throw new IOException("not the file but: " + head);
    }
  }

  private String upgrade() {
    return "Origin: "
        + target.server().origin()
        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  }

  private byte[] request(String more) {
    StringBuilder head =
        new StringBuilder("GET " + target.path() + " HTTP/1.1\r\n")
            .append("Host: 127.0.0.1:" + target.server().port() + "\r\n");
    target.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    return head.append(more).append("\r\n").toString().getBytes(ISO_8859_1);
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
