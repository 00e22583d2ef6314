package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.identity.HeaderField;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One client connection that writes any bytes and reads answers. */
public final class Wire implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(30).toMillis();

  private final Socket socket;
  private final WireReader reader;

  private Wire(Socket socket, InputStream in) {
    this.socket = socket;
    this.reader = new WireReader(in);
  }

  /** Connects to a loopback port from the loopback address {@code source}. */
  public static Wire open(int port, String source) {
    try {
      Socket socket = connect(port, source, TIMEOUT_MILLIS);
      return new Wire(socket, socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Socket connect(int port, String source, int timeoutMillis) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(source), 0));
    socket.connect(new InetSocketAddress("127.0.0.1", port), timeoutMillis);
    socket.setSoTimeout(timeoutMillis);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** Writes bytes as they are. */
  public Wire send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException e) {
      return this; // a refusal may close before all is written; the answer tells
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Writes characters up to U+00FF as bytes. */
  public Wire send(String text) {
    return send(text.getBytes(ISO_8859_1));
  }

  /** The next answer to a request of that method; empty where the connection ended instead. */
  public Optional<Reply> read(String method) {
    try {
      WireReader.Head head = reader.head();
      while (head != null && head.startLine().startsWith("HTTP/1.1 100")) {
        head = reader.head();
      }
      if (head == null) {
        return Optional.empty();
      }
      int status = Integer.parseInt(head.startLine().split(" ")[1]);
      boolean bodiless = method.equals("HEAD") || status == 204 || status == 304;
      List<HeaderField> trailers = new ArrayList<>();
      byte[] body = bodiless ? new byte[0] : reader.body(head, true, trailers);
      return Optional.of(new Reply(status, head.fields(), head.bytes(), body, trailers));
    } catch (SocketException | EOFException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next head as text, interim answers included; the body after it stays unread. */
  public String readHead() {
    try {
      WireReader.Head head = reader.head();
      return head == null ? "" : new String(head.bytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
