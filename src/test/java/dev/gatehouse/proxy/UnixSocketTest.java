package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app that listens on a Unix-domain socket. */
class UnixSocketTest {
  @TempDir private Path folder;

  private final List<String> heads = new CopyOnWriteArrayList<>();

  private void serve(ServerSocketChannel listener) {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        Thread connection = new Thread(() -> answer(channel), "unix-app");
        connection.setDaemon(true);
        connection.start();
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void answer(SocketChannel channel) {
    try (channel) {
      ByteBuffer buffer = ByteBuffer.allocate(8192);
      while (channel.read(buffer) >= 0) {
        String head = new String(buffer.array(), 0, buffer.position(), ISO_8859_1);
        if (head.endsWith("\r\n\r\n")) {
          heads.add(head);
          buffer.clear();
          channel.write(
              ByteBuffer.wrap(
                  "HTTP/1.1 302 Found\r\nLocation: http://localhost/x\r\nContent-Length: 0\r\n\r\n"
                      .getBytes(ISO_8859_1)));
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static String ask(Door door) {
    return RawClient.untilClosed(
            door.port(), "GET /a?b HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n")
        .text();
  }

  @Test
  void requestsGoThereAndAnswersComeBack() throws Exception {
    Path socket = folder.resolve("app.sock");
    try (Door door = Door.reading("upstream: unix:" + socket + "\n")) {
      assertThat(ask(door)).startsWith("HTTP/1.1 502 ").doesNotContain("" + folder);
      assertThat(door.gate().failures()).containsExactly("upstream-down");

      try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        listener.bind(UnixDomainSocketAddress.of(socket));
        Thread app = new Thread(() -> serve(listener), "unix-app");
        app.setDaemon(true);
        app.start();

        assertThat(ask(door))
            .startsWith("HTTP/1.1 302 ")
            .contains("Location: https://app.example/x\r\n");
        assertThat(ask(door)).startsWith("HTTP/1.1 302 ");
        assertThat(heads).hasSize(2);
        assertThat(heads.get(0)).startsWith("GET /a?b HTTP/1.1\r\nHost: app.example\r\n");
      }
      Files.delete(socket);
      assertThat(door.server().readyLine()).contains(" → unix:" + socket + " (");
    }
  }
}
