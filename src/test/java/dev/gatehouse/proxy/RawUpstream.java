package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An app made of a bare socket: keeps the bytes of each request head, answers what it is told. */
final class RawUpstream implements AutoCloseable {
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** Answers one request; the connection ends when it throws or says so. */
  interface Script {
    /** Returns false to end the connection. */
    boolean answer(Call call) throws IOException;
  }

  private final ServerSocket listener;
  private final Script script;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "raw-upstream");
            thread.setDaemon(true);
            return thread;
          });

  RawUpstream(Script script) {
    this(0, script);
  }

  RawUpstream(int port, Script script) {
    this.script = script;
    try {
      listener = new ServerSocket(port, 512, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** An app that reads each body and answers {@code ok}. */
  static RawUpstream answering(String answer) {
    return new RawUpstream(
        call -> {
          call.body();
          call.send(answer);
          return true;
        });
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections there have been. */
  int connections() {
    return connections.get();
  }

  /** How many connections there are. */
  int open() {
    return open.size();
  }

  /** All requests so far whose head has come. */
  List<Call> calls() {
    return calls;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        connections.incrementAndGet();
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
      boolean more = true;
      while (more) {
        String head = head(in);
        if (head == null) {
          return;
        }
        Call call = new Call(head, in, socket);
        calls.add(call);
        more = script.answer(call);
      }
    } catch (IOException e) {
      // The gateway went away; the test knows what to think of it.
    } finally {
      open.remove(socket);
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      bytes.write(b);
      matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
    }
    return bytes.toString(ISO_8859_1);
  }

  @Override
  public void close() {
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

  /** One request at the app. */
  static final class Call {
    private final String head;
    private final InputStream in;
    private final Socket socket;
    private String trailers = "";

    Call(String head, InputStream in, Socket socket) {
      this.head = head;
      this.in = in;
      this.socket = socket;
    }

    /** Request line and fields as they came, a character for a byte. */
    String head() {
      return head;
    }

    String target() {
      return head.split(" ", 3)[1];
    }

    /** What comes on the connection. */
    InputStream in() {
      return in;
    }

    Socket socket() {
      return socket;
    }

    /** The trailer section of a chunked body that has been read. */
    String trailers() {
      return trailers;
    }

    /** All values of that field. */
    List<String> fields(String name) {
      return head.lines()
          .skip(1)
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** The body, read to its end. */
    byte[] body() throws IOException {
      if (!fields("Content-Length").isEmpty()) {
        return exactly(Integer.parseInt(fields("Content-Length").get(0)));
      }
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      if (!fields("Transfer-Encoding").isEmpty()) {
        int size;
        do {
          size = Integer.parseInt(line(), 16);
          body.write(exactly(size));
          if (size > 0) {
            line();
          }
        } while (size > 0);
        for (String line = line(); !line.isEmpty(); line = line()) {
          trailers += line + "\n";
        }
      }
      return body.toByteArray();
    }

    private byte[] exactly(int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new IOException("the request was cut");
      }
      return bytes;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new IOException("the request was cut");
        }
        line.append((char) b);
      }
      return line.toString().strip();
    }
  }
}
