package dev.gatehouse.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Connects to the app, and remembers of each connection whether it was reset. To Jetty a reset is
 * an end like any other, so that an answer that ends with its connection would look whole when its
 * app crashed (RFC 9112 §8).
 */
final class UpstreamConnector extends ClientConnector {

  private final AtomicInteger open = new AtomicInteger();
  private final Supplier<Loops.Manager> loops;
  private final int loop;
  private Borrowed borrowed;

  /**
   * @param loops what carries the connections
   * @param loop the only one that does
   */
  UpstreamConnector(Supplier<Loops.Manager> loops, int loop) {
    this.loops = loops;
    this.loop = loop;
  }

  @Override
  protected SelectorManager newSelectorManager() {
    borrowed = new Borrowed();
    return borrowed;
  }

  /** What makes the connections of this connector. */
  Loops.Borrower borrower() {
    return borrowed;
  }

  /** How many connections there are. */
  int open() {
    return open.get();
  }

  @Override
  protected EndPoint newEndPoint(
      SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
    return channel instanceof SocketChannel socket
        ? new Socket(socket, selector, key, getScheduler())
        : super.newEndPoint(channel, selector, key);
  }

  /** Whether the app has reset that connection. */
  static boolean wasReset(EndPoint endPoint) {
    return BareEndPoint.of(endPoint) instanceof Socket socket && socket.reset;
  }

  /** Has no selectors of its own. */
  private final class Borrowed extends ClientSelectorManager implements Loops.Borrower {
    Borrowed() {
      super(UpstreamConnector.this.getExecutor(), UpstreamConnector.this.getScheduler(), 1);
    }

    @Override
    protected void doStart() {
      // would make selectors
    }

    @Override
    protected void doStop() {
      // has started nothing
    }

    @Override
    public void connect(SelectableChannel channel, Object context) {
      loops.get().carry(loop, channel, (Map<?, ?>) context, false);
    }

    @Override
    public void accept(SelectableChannel channel, Object context) {
      loops.get().carry(loop, channel, (Map<?, ?>) context, true);
    }

    @Override
    public SocketChannelEndPoint endPoint(
        SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
      return (SocketChannelEndPoint) newEndPoint(channel, selector, key);
    }

    @Override
    public Connection connection(SelectableChannel channel, EndPoint endPoint, Object context)
        throws IOException {
      return newConnection(channel, endPoint, context);
    }

    @Override
    public void opened(Connection connection, Object context) {
      connectionOpened(connection, context);
    }

    @Override
    public void failed(SelectableChannel channel, Throwable cause, Object context) {
      connectionFailed(channel, cause, context);
    }
  }

  private final class Socket extends SocketChannelEndPoint {
    private volatile boolean reset;
    private volatile long idleTimeout;

    Socket(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
      super(channel, selector, key, scheduler);
    }

    @Override
    public void onOpen() {
      super.onOpen();
      open.incrementAndGet();
    }

    @Override
    public void onClose(Throwable cause) {
      super.onClose(cause);
      open.decrementAndGet();
    }

    @Override
    public long getIdleTimeout() {
      return idleTimeout;
    }

    /**
     * Jetty sets it with each request and back at its end, and would cancel and make a timer each
     * time. Here the timer goes on as often as the shortest there has been, and looks what holds.
     */
    @Override
    public void setIdleTimeout(long millis) {
      long before = idleTimeout;
      idleTimeout = millis;
      if (before <= 0 || millis <= 0 || millis < super.getIdleTimeout()) {
        super.setIdleTimeout(millis);
      }
    }

    @Override
    protected long checkIdleTimeout() {
      long left = super.checkIdleTimeout();
      // Zero has Jetty look again after what holds now, which may be lowered before.
      return left < 0 ? left : Math.min(left > 0 ? left : idleTimeout, super.getIdleTimeout());
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
      if (isInputShutdown()) {
        return -1;
      }
      int position = BufferUtil.flipToFill(buffer);
      int filled = -1;
      try {
        filled = getChannel().read(buffer);
      } catch (IOException e) {
        reset = true;
      } finally {
        BufferUtil.flipToFlush(buffer, position);
      }
      if (filled > 0) {
        notIdle();
      } else if (filled < 0) {
        shutdownInput();
      }
      return filled;
    }
  }
}
