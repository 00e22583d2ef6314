package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.identity.HeaderField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** One request on a {@link WireServer} and the means to answer it, well or badly. */
final class WireExchange {
  private final WireReader.Head head;
  private final byte[] body;
  private final List<HeaderField> trailers;
  private final Socket socket;
  private final CountDownLatch closing;
  private boolean persistent = true;

  WireExchange(
      WireReader.Head head,
      byte[] body,
      List<HeaderField> trailers,
      Socket socket,
      CountDownLatch closing) {
    this.head = head;
    this.body = body;
    this.trailers = List.copyOf(trailers);
    this.socket = socket;
    this.closing = closing;
  }

  String method() {
    return head.startLine().split(" ", 2)[0];
  }

  String target() {
    String[] parts = head.startLine().split(" ");
    return parts.length > 1 ? parts[1] : "";
  }

  List<HeaderField> headers() {
    return head.fields();
  }

  /** Request line and fields as they came. */
  byte[] headBytes() {
    return head.bytes();
  }

  byte[] body() {
    return body;
  }

  List<HeaderField> trailers() {
    return trailers;
  }

  /** What the other side showed in TLS; empty where it showed nothing or there is no TLS. */
  Optional<X509Certificate> certificate() {
    if (!(socket instanceof SSLSocket tls)) {
      return Optional.empty();
    }
    try {
      return Optional.of((X509Certificate) tls.getSession().getPeerCertificates()[0]);
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  boolean persistent() {
    return persistent;
  }

  /** A well-formed answer with its length. */
  void reply(int status, List<HeaderField> fields, byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(answerHead(status, fields, content.length));
    if (!method().equals("HEAD") && status != 204 && status != 304) {
      out.write(content);
    }
    socket.getOutputStream().write(out.toByteArray());
  }

  /** A well-formed answer in a chunk, and fields behind it. */
  void chunked(List<HeaderField> fields, byte[] content, List<HeaderField> section)
      throws IOException {
    StringBuilder text = new StringBuilder("HTTP/1.1 200 Told\r\nTransfer-Encoding: chunked\r\n");
    lines(fields, text);
    text.append("\r\n").append(Integer.toHexString(content.length)).append("\r\n");
    text.append(new String(content, ISO_8859_1)).append("\r\n0\r\n");
    lines(section, text);
    socket.getOutputStream().write(text.append("\r\n").toString().getBytes(ISO_8859_1));
  }

  private static void lines(List<HeaderField> fields, StringBuilder text) {
    for (HeaderField field : fields) {
      text.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
  }

  /** A head that announces {@code length} bytes; the connection ends after this exchange. */
  OutputStream begin(int status, List<HeaderField> fields, int length) throws IOException {
    persistent = false;
    OutputStream out = socket.getOutputStream();
    out.write(answerHead(status, fields, length));
    out.flush();
    return out;
  }

  /** Bytes that need not be an answer; the connection ends after this exchange. */
  OutputStream raw(byte[] bytes) throws IOException {
    persistent = false;
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
    return out;
  }

  /** Breaks the connection with a TCP reset. */
  void reset() throws IOException {
    persistent = false;
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Waits, but not longer than the server lives. */
  void stall(Duration time) {
    try {
      closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for that, but not longer than the server lives: closing it interrupts. */
  void stall(CountDownLatch event) {
    try {
      event.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] answerHead(int status, List<HeaderField> fields, int length) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Told\r\n");
    lines(fields, head);
    if (status != 204 && status != 304) {
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(ISO_8859_1);
  }
}
