package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.HostPort;
import dev.gatehouse.config.Listener;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** IPv6 on either side of the gateway. */
class Ipv6Test {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  private static String ask(HostPort at, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName(at.host()), at.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @Test
  void aListenerServesThere() throws IOException {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door =
            Door.listening(
                app.uri(),
                new HostPort("::1", 0),
                new Listener(true, false, false, Optional.of(new HostPort("::1", 0))),
                List.of())) {
      HostPort address = door.server().address();
      assertThat(address.toString()).startsWith("[::1]:");

      assertThat(ask(address, GET)).startsWith("HTTP/1.1 200 ");
      assertThat(door.gate().peers()).containsExactly("[0:0:0:0:0:0:0:1]");
      assertThat(
              ask(
                  door.server().redirectAddress().orElseThrow(),
                  "GET /x HTTP/1.1\r\nHost: app.example\r\n\r\n"))
          .contains("Location: https://app.example/x\r\n");
    }
  }

  @Test
  void anAppIsReachedThere() throws Exception {
    try (ServerSocket app = new ServerSocket(0, 8, InetAddress.getByName("::1"));
        Door door =
            Door.listening(
                URI.create("http://[::1]:" + app.getLocalPort()),
                new HostPort("127.0.0.1", 0),
                Listener.DEFAULT,
                List.of())) {
      CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(app));

      assertThat(ask(door.server().address(), GET)).startsWith("HTTP/1.1 200 ").endsWith("ok");
      answered.get();
    }
  }

  private static void answer(ServerSocket app) {
    try (Socket socket = app.accept()) {
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.read());
      }
      socket.getOutputStream().write(RawUpstream.OK.getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
