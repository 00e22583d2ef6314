package dev.gatehouse.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * A port on 127.0.0.1 that nobody listened on a moment ago. The demo is reachable from nowhere
 * else.
 */
record LoopbackPort(int number) {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  /**
   * The port {@code asked} for, or a free one for 0.
   *
   * @param option the command line option that chooses another port, for the message
   * @throws DemoFailure when the port cannot be had
   */
  static LoopbackPort choose(int asked, String option) throws DemoFailure {
    if (asked < 0 || asked > 65_535) {
      throw new DemoFailure(option + " " + asked + " is no port: choose one from 1 to 65535.");
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address(), asked));
      return new LoopbackPort(socket.getLocalPort());
    } catch (IOException e) {
      throw new DemoFailure(
          "Port "
              + asked
              + " cannot be used ("
              + e.getMessage()
              + "). Stop the program that has it, or choose another with "
              + option
              + ".",
          e);
    }
  }

  /** 127.0.0.1, which is never IPv6 and never looked up. */
  static InetAddress address() throws IOException {
    return InetAddress.getByAddress(LOOPBACK);
  }

  /** Scheme, host and port, as a browser shows them. */
  String origin() {
    return "http://127.0.0.1:" + number;
  }
}
