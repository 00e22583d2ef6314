package dev.gatehouse.proxy;

import dev.gatehouse.access.Cidr;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections that begin with a PROXY header, from trusted proxies alone (TH-HTTP-7): whoever
 * may write one says what address he has. Jetty's own takes them from anybody. What the header
 * tells is the peer's address from then on, for everything.
 */
final class ProxyHeaderConnectionFactory extends AbstractConnectionFactory {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderConnectionFactory.class);

  private static final Duration QUIET = Duration.ofSeconds(10);

  private final List<Cidr> trusted;
  private final ConnectionFactory next;
  private final Duration headTimeout;
  private final AtomicLong warned = new AtomicLong(NanoTime.now() - QUIET.toNanos());

  /**
   * @param next what is spoken behind the header
   */
  ProxyHeaderConnectionFactory(List<Cidr> trusted, ConnectionFactory next, Duration headTimeout) {
    super("proxy-header");
    this.trusted = List.copyOf(trusted);
    this.next = next;
    this.headTimeout = headTimeout;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    return configure(new Waiting(connector, endPoint), connector, endPoint);
  }

  private boolean trusts(SocketAddress peer) {
    return peer instanceof InetSocketAddress address
        && trusted.stream().anyMatch(block -> block.contains(address.getAddress()));
  }

  /** A connection until its header has come. */
  private final class Waiting extends AbstractConnection implements Connection.UpgradeFrom {
    private final Connector connector;
    private final ByteBuffer buffer = BufferUtil.allocate(ProxyHeader.MOST_BYTES);
    private Scheduler.Task deadline;

    Waiting(Connector connector, EndPoint endPoint) {
      super(endPoint, connector.getExecutor());
      this.connector = connector;
    }

    @Override
    public void onOpen() {
      super.onOpen();
      if (!trusts(getEndPoint().getRemoteSocketAddress())) {
        warn(
            "a connection from {} is refused: listener.proxy-protocol is on, and the address is"
                + " not in trusted-proxies",
            "");
        close();
        return;
      }
      EndPoint endPoint = getEndPoint();
      deadline =
          connector
              .getScheduler()
              .schedule(
                  () -> endPoint.close(new TimeoutException("PROXY header too slow")),
                  headTimeout.toNanos(),
                  TimeUnit.NANOSECONDS);
      fillInterested();
    }

    @Override
    public void onFillable() {
      try {
        int filled = getEndPoint().fill(buffer);
        while (filled > 0) {
          Optional<ProxyHeader> header = ProxyHeader.read(buffer);
          if (header.isPresent()) {
            goOn(header.get());
            return;
          }
          filled = getEndPoint().fill(buffer);
        }
        if (filled == 0 && !BufferUtil.isFull(buffer)) {
          fillInterested();
        } else {
          end();
        }
      } catch (ProxyHeader.Malformed e) {
        warn(
            "a connection from {} is ended: {}; listener.proxy-protocol is on, so the proxy there"
                + " has to send one",
            e.getMessage());
        end();
      } catch (IOException e) {
        LOG.debug("the proxy's connection has ended", e);
        end();
      }
    }

    /** Not for each connection: strangers must not fill the log. */
    private void warn(String message, String detail) {
      long now = NanoTime.now();
      long last = warned.get();
      if (NanoTime.elapsed(last, now) > QUIET.toNanos() && warned.compareAndSet(last, now)) {
        LOG.warn(message, getEndPoint().getRemoteSocketAddress(), detail);
      }
    }

    private void end() {
      deadline.cancel();
      close();
    }

    private void goOn(ProxyHeader header) {
      deadline.cancel();
      buffer.position(buffer.position() + header.length());
      EndPoint own = getEndPoint();
      EndPoint told =
          header
              .client()
              .<EndPoint>map(
                  client ->
                      new ProxyConnectionFactory.ProxyEndPoint(
                          own,
                          own.getLocalSocketAddress(),
                          new InetSocketAddress(client, header.port())))
              .orElse(own);
      if (connector instanceof CappedConnector capped && !capped.admits(told)) {
        close();
        return;
      }
      told.upgrade(next.newConnection(connector, told));
    }

    @Override
    public ByteBuffer onUpgradeFrom() {
      return BufferUtil.hasContent(buffer) ? buffer : null;
    }

    @Override
    public void onClose(Throwable cause) {
      if (deadline != null) {
        deadline.cancel();
      }
      super.onClose(cause);
    }
  }
}
