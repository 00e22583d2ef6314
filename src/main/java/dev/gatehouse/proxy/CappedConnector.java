package dev.gatehouse.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Takes connections as far as there are places for them, and closes the others at once. Behind the
 * PROXY protocol a connection is counted by the address of its client as soon as that is known.
 */
final class CappedConnector extends Loops {
  private final ConnectionCaps caps;

  CappedConnector(Server server, ConnectionCaps caps, List<? extends ConnectionFactory> factories) {
    super(server, Loops.count(), factories.toArray(new ConnectionFactory[0]));
    this.caps = caps;
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    Client client = new Client(channel, selector, key, getScheduler());
    client.setIdleTimeout(getIdleTimeout());
    return client;
  }

  @Override
  protected void onEndPointOpened(EndPoint endPoint) {
    super.onEndPointOpened(endPoint);
    if (endPoint instanceof Client client) {
      // Both places are taken, since both are given back.
      if (!caps.opened() | !client.countedBy(address(client))) {
        client.close();
      }
    }
  }

  @Override
  protected void onEndPointClosed(EndPoint endPoint) {
    super.onEndPointClosed(endPoint);
    if (endPoint instanceof Client client) {
      caps.closed();
      client.gone();
    }
  }

  /**
   * Counts a connection by the address that its PROXY header tells, instead of the proxy's.
   *
   * @return whether that address may have one more; the caller closes it otherwise
   */
  boolean admits(EndPoint told) {
    return !(BareEndPoint.of(told) instanceof Client client) || client.countedBy(address(told));
  }

  private static InetAddress address(EndPoint endPoint) {
    return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress peer
        ? peer.getAddress()
        : null;
  }

  private final class Client extends Loops.ClientSocket {
    private long counted = ConnectionCaps.UNCOUNTED;
    private boolean gone;

    Client(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
      super(channel, selector, key, scheduler);
    }

    /**
     * Takes a place of {@code address}, and gives back the one of another. A deadline may end the
     * connection meanwhile, and then there is nobody left to give a place back.
     *
     * @return false where the address has no place
     */
    private synchronized boolean countedBy(InetAddress address) {
      if (gone) {
        return false;
      }
      caps.left(counted);
      counted = caps.key(address);
      return caps.arrived(counted);
    }

    private synchronized void gone() {
      gone = true;
      caps.left(counted);
      counted = ConnectionCaps.UNCOUNTED;
    }
  }
}
