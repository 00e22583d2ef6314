package dev.gatehouse.backchannel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that sends whatever bytes a test wants, and remembers what it was asked. */
final class RawServer implements AutoCloseable {
  /** Answers one request on a connection. */
  interface Answer {
    void write(OutputStream out) throws IOException;
  }

  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Answer answer;

  RawServer(Answer answer) {
    this(plainSocket(), answer);
  }

  RawServer(ServerSocket listener, Answer answer) {
    this.listener = listener;
    this.answer = answer;
    threads.execute(this::accept);
  }

  private static ServerSocket plainSocket() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A good answer with that JSON, on a connection that stays open. */
  static Answer json(String body) {
    return out ->
        out.write(
            ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(ISO_8859_1));
  }

  /** Those bytes, then the connection is closed. */
  static Answer bytes(String text) {
    return out -> {
      out.write(text.getBytes(ISO_8859_1));
      out.flush();
      throw new IOException("that was all");
    };
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      for (String head = head(socket.getInputStream());
          !head.isEmpty();
          head = head(socket.getInputStream())) {
        requests.add(head);
        answer.write(socket.getOutputStream());
        socket.getOutputStream().flush();
      }
    } catch (IOException e) {
      // the client went away, which is what some tests are about
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    int length = head.toString().toLowerCase(Locale.ROOT).indexOf("content-length: ");
    if (length >= 0) {
      String digits = head.substring(length + 16).split("\r\n")[0];
      head.append(new String(in.readNBytes(Integer.parseInt(digits)), ISO_8859_1));
    }
    return head.toString();
  }

  List<String> requests() {
    return List.copyOf(requests);
  }

  int connections() {
    return connections.get();
  }

  URI url(String scheme) {
    return URI.create(scheme + "://localhost:" + listener.getLocalPort() + "/x");
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
