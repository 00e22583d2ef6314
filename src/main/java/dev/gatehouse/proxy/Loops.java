package dev.gatehouse.proxy;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Listens, and lends its selectors to the connections to the app, so that a request and its answer
 * pass through one thread from end to end. With selectors of their own, each request would wake a
 * second thread and be woken by it, which costs more than all the rest. Safe for concurrent use.
 */
class Loops extends ServerConnector {

  Loops(Server server, int loops, ConnectionFactory... factories) {
    super(server, null, null, null, 1, loops, factories);
  }

  /** As many as there are processors; two at least, so that one busy request holds up no others. */
  static int count() {
    return Math.max(2, Math.min(16, Runtime.getRuntime().availableProcessors()));
  }

  /** Which loop serves the connection of a client; any for one that came by another listener. */
  static int of(EndPoint client) {
    return BareEndPoint.of(client) instanceof ClientSocket socket ? socket.loop : 0;
  }

  @Override
  protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int loops) {
    return new Manager(executor, scheduler, loops);
  }

  /** That the listener has been closed is no failure. */
  @Override
  protected boolean handleAcceptFailure(Throwable failure) {
    return isOpen() && super.handleAcceptFailure(failure);
  }

  /** Makes a {@link ClientSocket}. */
  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    SocketChannelEndPoint endPoint = new ClientSocket(channel, selector, key, getScheduler());
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }

  /** What carries the app's connections; they begin only when this serves. */
  Manager lent() {
    return (Manager) getSelectorManager();
  }

  private static final class Loop extends ManagedSelector {
    private final int index;

    Loop(SelectorManager manager, int index) {
      super(manager, index);
      this.index = index;
    }
  }

  /** The connection of a client, which knows its loop. */
  static class ClientSocket extends SocketChannelEndPoint {
    private final int loop;
    private LazyKey key;

    ClientSocket(
        SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
      this(channel, selector, new LazyKey(key), scheduler);
    }

    private ClientSocket(
        SocketChannel channel, ManagedSelector selector, LazyKey key, Scheduler scheduler) {
      super(channel, selector, key, scheduler);
      this.loop = ((Loop) selector).index;
      this.key = key;
    }

    @Override
    public Runnable onSelected() {
      return key.nothingWanted() ? null : super.onSelected();
    }

    @Override
    public void replaceKey(SelectionKey other) {
      key = key.movedTo(other);
      super.replaceKey(key);
    }
  }

  /** What a connector to the app has to say about its connections. */
  interface Borrower {
    SocketChannelEndPoint endPoint(
        SelectableChannel channel, ManagedSelector selector, SelectionKey key);

    Connection connection(SelectableChannel channel, EndPoint endPoint, Object context)
        throws IOException;

    void opened(Connection connection, Object context);

    void failed(SelectableChannel channel, Throwable cause, Object context);
  }

  /** Tells clients' connections from those to the app, which have a context. */
  final class Manager extends ServerConnectorManager {
    private final ThreadLocal<ManagedSelector> chosen = new ThreadLocal<>();
    private final Set<SelectableChannel> lent = ConcurrentHashMap.newKeySet();

    // Filled while this starts.
    private final ManagedSelector[] loops;

    private Manager(Executor executor, Scheduler scheduler, int count) {
      super(executor, scheduler, count);
      loops = new ManagedSelector[count];
    }

    /** Registers a connection to the app, made or being made. */
    void carry(int loop, SelectableChannel channel, Map<?, ?> context, boolean connected) {
      lent.add(channel);
      chosen.set(loops[loop % loops.length]);
      try {
        if (connected) {
          accept(channel, context);
        } else {
          connect(channel, context);
        }
      } finally {
        chosen.remove();
      }
    }

    @Override
    protected ManagedSelector newSelector(int id) {
      loops[id] = new Loop(this, id);
      return loops[id];
    }

    @Override
    protected ManagedSelector chooseSelector() {
      ManagedSelector wanted = chosen.get();
      return wanted == null ? super.chooseSelector() : wanted;
    }

    private static Borrower borrower(Object context) {
      return context instanceof Map<?, ?> map
              && map.get(ClientConnector.CONTEXT_KEY) instanceof UpstreamConnector connector
          ? connector.borrower()
          : null;
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(
        SelectableChannel channel, ManagedSelector selector, SelectionKey key) throws IOException {
      Borrower borrower = borrower(key.attachment());
      return borrower == null
          ? super.newEndPoint(channel, selector, key)
          : borrower.endPoint(channel, selector, key);
    }

    @Override
    public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object context)
        throws IOException {
      Borrower borrower = borrower(context);
      return borrower == null
          ? super.newConnection(channel, endPoint, context)
          : borrower.connection(channel, endPoint, context);
    }

    @Override
    public void connectionOpened(Connection connection, Object context) {
      Borrower borrower = borrower(context);
      if (borrower == null) {
        super.connectionOpened(connection, context);
      } else {
        borrower.opened(connection, context);
      }
    }

    @Override
    protected void connectionFailed(SelectableChannel channel, Throwable cause, Object context) {
      failed(channel, cause, context);
    }

    @Override
    protected void onAcceptFailed(SelectableChannel channel, Throwable cause, Object context) {
      if (!failed(channel, cause, context)) {
        super.onAcceptFailed(channel, cause, context);
      }
    }

    private boolean failed(SelectableChannel channel, Throwable cause, Object context) {
      lent.remove(channel);
      Borrower borrower = borrower(context);
      if (borrower != null) {
        borrower.failed(channel, cause, context);
      }
      return borrower != null;
    }

    // Whoever counts the connections of clients must not count these.

    @Override
    protected void onAccepting(SelectableChannel channel) {
      if (!lent.contains(channel)) {
        super.onAccepting(channel);
      }
    }

    @Override
    protected void onAccepted(SelectableChannel channel) {
      if (!lent.contains(channel)) {
        super.onAccepted(channel);
      }
    }

    @Override
    protected void endPointOpened(EndPoint endPoint) {
      if (endPoint instanceof ClientSocket) {
        super.endPointOpened(endPoint);
      }
    }

    @Override
    protected void endPointClosed(EndPoint endPoint) {
      if (endPoint instanceof ClientSocket) {
        super.endPointClosed(endPoint);
      } else if (endPoint.getTransport() instanceof SelectableChannel channel) {
        lent.remove(channel);
      }
    }
  }
}
