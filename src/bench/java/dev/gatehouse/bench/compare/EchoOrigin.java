package dev.gatehouse.bench.compare;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An application that opens a WebSocket for everybody (RFC 6455) and answers each frame, and each
 * other request, with ok.
 */
final class EchoOrigin implements Closeable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Pattern KEY = Pattern.compile("(?i)\r\nsec-websocket-key: *([^\r ]+)");

  /** A text frame that is not masked (RFC 6455 §5.2). */
  static final byte[] OK = {(byte) 0x81, 2, 'o', 'k'};

  private static final String PLAIN =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

  private static final Object OPEN = new Object();

  private final Selector selector = Selector.open();
  private final ServerSocketChannel server = ServerSocketChannel.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);

  private EchoOrigin() throws IOException {
    server.bind(new InetSocketAddress("127.0.0.1", 0), 4096);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  /** Listens on a free port. */
  static EchoOrigin start() throws IOException {
    EchoOrigin origin = new EchoOrigin();
    Thread thread = new Thread(origin::serve, "echo-origin");
    thread.setDaemon(true);
    thread.start();
    return origin;
  }

  int port() {
    return server.socket().getLocalPort();
  }

  private void serve() {
    try {
      while (selector.isOpen()) {
        selector.select(this::handle);
      }
    } catch (java.nio.channels.ClosedSelectorException | IOException e) {
      if (selector.isOpen()) {
        throw new CompareFailure("the WebSocket origin fails", e);
      }
    }
  }

  private void handle(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        SocketChannel channel = server.accept();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new StringBuilder());
      } else {
        read(key);
      }
    } catch (IOException e) {
      key.cancel();
    }
  }

  private void read(SelectionKey key) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    buffer.clear();
    if (channel.read(buffer) < 0) {
      channel.close();
      return;
    }
    buffer.flip();
    if (key.attachment() instanceof StringBuilder head) {
      head.append(ISO_8859_1.decode(buffer));
      if (head.indexOf("\r\n\r\n") >= 0) {
        Matcher webSocket = KEY.matcher(head);
        if (webSocket.find()) {
          send(channel, handshake(webSocket.group(1)));
          key.attach(OPEN);
        } else {
          send(channel, PLAIN);
          channel.close();
        }
      }
    } else {
      channel.write(ByteBuffer.wrap(OK));
    }
  }

  private static void send(SocketChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(ISO_8859_1)));
  }

  private static String handshake(String key) {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + accept(key)
        + "\r\n\r\n";
  }

  /** RFC 6455 §4.2.2. */
  private static String accept(String key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
