package dev.gatehouse.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SocketChannel;

/**
 * A port of 127.0.0.1 that belongs to one test, whether anybody listens there or not: a bound
 * socket that never listens. A port that was merely free a moment ago is soon another process's, be
 * it as a listener or as the near end of a connection.
 *
 * <p>On Linux a connection to it is refused, and the kernel gives it to nobody who asks for any
 * port, since this socket has it. Whoever names it can listen there all the same, and stop and
 * listen again, as both set {@code SO_REUSEADDR}: Java's server sockets do so by default, and
 * nginx, Netty and Apache do.
 */
public final class HeldPort implements AutoCloseable {
  private final SocketChannel holder;
  private final int number;

  private HeldPort(SocketChannel holder, int number) {
    this.holder = holder;
    this.number = number;
  }

  /** Takes a port that nobody has. */
  public static HeldPort take() {
    try {
      SocketChannel holder = SocketChannel.open();
      holder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      holder.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
      return new HeldPort(holder, ((InetSocketAddress) holder.getLocalAddress()).getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port. */
  public int number() {
    return number;
  }

  /** Its origin over plain HTTP. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + number);
  }

  /** Lets go of it; who listens there goes on. */
  @Override
  public void close() {
    try {
      holder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
