package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Test;

/** What tests that stop, start and miss servers rely on. */
class HeldPortTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final HeldPort port = HeldPort.take();

  private ServerSocket listening() throws IOException {
    return new ServerSocket(port.number(), 1, LOOPBACK);
  }

  private void assertRefused() {
    assertThatThrownBy(() -> new Socket(LOOPBACK, port.number()).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void nobodyAnswersUntilSomebodyListensAndAfterwards() throws IOException {
    try (port) {
      for (int i = 0; i < 3; i++) {
        assertRefused();
        try (ServerSocket listener = listening();
            Socket client = new Socket(LOOPBACK, port.number());
            Socket served = listener.accept()) {
          assertThat(served.getPort()).isEqualTo(client.getLocalPort());
        }
      }
      assertRefused();
    }
  }

  @Test
  void aChannelListensThereToo() throws IOException {
    try (port;
        ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(address());
      assertThatThrownBy(this::listening).isInstanceOf(BindException.class);
    }
  }

  @Test
  void whoDoesNotShareDoesNotGetIt() throws IOException {
    try (port;
        Socket selfish = new Socket()) {
      selfish.setReuseAddress(false);
      assertThatThrownBy(() -> selfish.bind(address())).isInstanceOf(BindException.class);
    }
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(LOOPBACK, port.number());
  }
}
