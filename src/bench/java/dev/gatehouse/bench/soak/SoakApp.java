package dev.gatehouse.bench.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The app behind the gateway, with good days and bad ones: what it does is in the path. */
final class SoakApp implements AutoCloseable {
  private static final byte[] PAGE = "x".repeat(1024).getBytes(ISO_8859_1);
  private static final int LARGE = 2 * 1024 * 1024;

  private final ServerSocket listener;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "soak-app");
            thread.setDaemon(true);
            return thread;
          });

  SoakApp() throws IOException {
    listener = new ServerSocket(0, 512, InetAddress.getByName("127.0.0.1"));
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        return; // closed, by us
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
      String head = head(in);
      while (head != null && answer(head, in, socket)) {
        head = head(in);
      }
    } catch (IOException e) {
      // The gateway cut the connection because its client did, or because we did.
    }
  }

  private static boolean answer(String head, InputStream in, Socket socket) throws IOException {
    String path = head.split(" ", 3)[1];
    OutputStream out = socket.getOutputStream();
    in.skipNBytes(contentLength(head));
    if (path.contains("/missing")) {
      reply(out, 404, "gone".getBytes(ISO_8859_1));
    } else if (path.contains("/broken")) {
      reply(out, 500, "sorry".getBytes(ISO_8859_1));
    } else if (path.contains("/reset")) {
      out.write("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\nhalf".getBytes(ISO_8859_1));
      return reset(socket);
    } else if (path.contains("/silent")) {
      return reset(socket);
    } else if (path.contains("/garbage")) {
      out.write("HTTP/1.1 2x0 \u0000\r\n\r\n".getBytes(ISO_8859_1));
      return false;
    } else if (path.contains("/large")) {
      reply(out, 200, new byte[LARGE]);
    } else if (path.contains("/ws")) {
      return echo(in, out);
    } else {
      reply(out, 200, PAGE);
    }
    return true;
  }

  private static boolean echo(InputStream in, OutputStream out) throws IOException {
    out.write(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
            .getBytes(ISO_8859_1));
    byte[] buffer = new byte[4096];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
    }
    return false;
  }

  private static boolean reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    return false;
  }

  private static void reply(OutputStream out, int status, byte[] body) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.writeBytes(
        ("HTTP/1.1 "
                + status
                + " Soak\r\nContent-Type: text/plain\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(ISO_8859_1));
    answer.writeBytes(body);
    answer.writeTo(out);
  }

  private static long contentLength(String head) {
    return head.toLowerCase(Locale.ROOT)
        .lines()
        .filter(line -> line.startsWith("content-length:"))
        .mapToLong(line -> Long.parseLong(line.substring(15).strip()))
        .findFirst()
        .orElse(0);
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      head.write(b);
      matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
    }
    return head.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
