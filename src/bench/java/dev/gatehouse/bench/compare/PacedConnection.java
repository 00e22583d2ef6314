package dev.gatehouse.bench.compare;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A connection that has at most one request under way, and reads its answer without a garbage. */
final class PacedConnection {
  private static final byte[] LENGTH = "content-length:".getBytes(ISO_8859_1);
  private static final int OK = ('2' << 16) | ('0' << 8) | '0';

  private final SocketChannel channel;
  private final ByteBuffer request;
  private final ByteBuffer answer = ByteBuffer.allocateDirect(64 * 1024);
  private int whole;
  long dueNanos;

  PacedConnection(InetSocketAddress server, byte[] request, Selector selector) throws IOException {
    channel = SocketChannel.open(server);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
    this.request = ByteBuffer.allocateDirect(request.length).put(request).flip();
  }

  /** Sends the request that should have been sent at {@code due}. */
  void send(long due) throws IOException {
    dueNanos = due;
    whole = -1;
    answer.clear();
    request.rewind();
    if (channel.write(request) < request.limit()) {
      throw new CompareFailure("a request does not fit into the socket's buffer");
    }
  }

  /** Reads what has come; true once the answer is whole. Fails at anything but 200. */
  boolean read() throws IOException {
    if (channel.read(answer) < 0) {
      throw new CompareFailure("the server closes a connection under paced load");
    }
    if (whole < 0) {
      whole = length();
    }
    return whole >= 0 && answer.position() >= whole;
  }

  /** Of head and body; -1 while the head is not whole (RFC 9112 §6.3). */
  private int length() {
    int end = answer.position() - 3;
    int length = -1;
    for (int i = 0; i < end; i++) {
      if (answer.get(i) != '\r' || answer.get(i + 1) != '\n') {
        continue;
      }
      if (answer.get(i + 2) == '\r') {
        return headEnd(i + 4, length);
      }
      if (isLength(i + 2)) {
        length = number(i + 2 + LENGTH.length);
      }
    }
    return -1;
  }

  private int headEnd(int head, int length) {
    int status = (answer.get(9) << 16) | (answer.get(10) << 8) | answer.get(11);
    if (status != OK || length < 0) {
      byte[] text = new byte[head];
      answer.get(0, text);
      throw new CompareFailure("an answer under paced load is: " + new String(text, ISO_8859_1));
    }
    return head + length;
  }

  private boolean isLength(int at) {
    if (at + LENGTH.length >= answer.position()) {
      return false;
    }
    for (int i = 0; i < LENGTH.length; i++) {
      int c = answer.get(at + i);
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != LENGTH[i]) {
        return false;
      }
    }
    return true;
  }

  private int number(int at) {
    int value = 0;
    for (int i = at; answer.get(i) != '\r'; i++) {
      int c = answer.get(i);
      if (c >= '0' && c <= '9') {
        value = 10 * value + c - '0';
      }
    }
    return value;
  }

  void close() throws IOException {
    channel.close();
  }
}
