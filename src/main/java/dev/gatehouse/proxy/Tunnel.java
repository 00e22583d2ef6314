package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.ops.GatewayMetrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Two connections joined after an upgrade: what comes on one goes out on the other, as fast as the
 * slower one takes it. Ends when either side ends, when neither has moved for the idle timeout, and
 * when the session ends that opened it (TH-HTTP-11).
 */
final class Tunnel {
  private static final int BUFFER = 16 * 1024;

  private final Scheduler timers;
  private final ByteBufferPool buffers;
  private final GatehouseConfig.Limits.Tunnels limits;
  private final Predicate<Boolean> stillHolds;
  private final GatewayMetrics metrics;
  private final AtomicBoolean counted = new AtomicBoolean();
  private final Side client;
  private final Side app;
  private volatile long lastMove = NanoTime.now();
  private volatile boolean used;
  private volatile boolean closed;

  /**
   * @param stillHolds asked now and then whether the tunnel may go on; told whether the client has
   *     sent something since
   */
  Tunnel(
      EndPoint client,
      EndPoint app,
      Executor threads,
      Scheduler timers,
      ByteBufferPool buffers,
      GatehouseConfig.Limits.Tunnels limits,
      Predicate<Boolean> stillHolds,
      GatewayMetrics metrics) {
    this.timers = timers;
    this.buffers = buffers;
    this.limits = limits;
    this.stillHolds = stillHolds;
    this.metrics = metrics;
    this.client = new Side(client, threads);
    this.app = new Side(app, threads);
  }

  /** Takes over the app's connection; nothing flows before the client's is taken over too. */
  void joinApp() {
    app.getEndPoint().upgrade(app);
  }

  /** What takes over the client's connection, and so opens the tunnel. */
  Connection clientSide() {
    return client;
  }

  private void open() {
    counted.set(true);
    metrics.tunnelOpened();
    client.getEndPoint().setIdleTimeout(limits.idleTimeout().toMillis());
    app.getEndPoint().setIdleTimeout(limits.idleTimeout().toMillis());
    if (closed) {
      countedOut(); // the app's side was quicker
    }
    recheckLater();
    client.pump.iterate();
    app.pump.iterate();
  }

  /** Once, however often and from wherever the end is noticed. */
  private void countedOut() {
    if (counted.compareAndSet(true, false)) {
      metrics.tunnelClosed();
    }
  }

  private void recheckLater() {
    timers.schedule(this::recheck, limits.recheck().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void recheck() {
    if (closed) {
      return;
    }
    boolean since = used;
    used = false;
    boolean holds = false;
    try {
      holds = stillHolds.test(since);
    } finally {
      // Also where the question failed: a tunnel that nobody watches must not stay open.
      if (holds) {
        recheckLater();
      } else {
        end(new IOException("the session has ended"));
      }
    }
  }

  private Side other(Side side) {
    return side == client ? app : client;
  }

  private void end(Throwable cause) {
    closed = true;
    countedOut();
    client.getEndPoint().close(cause);
    app.getEndPoint().close(cause);
  }

  /** One of the two connections. */
  private final class Side extends AbstractConnection implements Connection.UpgradeTo {
    private final Pump pump = new Pump(this);
    private ByteBuffer early;
    private volatile boolean ended;

    Side(EndPoint endPoint, Executor threads) {
      super(endPoint, threads);
    }

    /** Bytes that came right behind the handshake. */
    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
      early = BufferUtil.hasContent(buffer) ? buffer : null;
    }

    @Override
    public void onOpen() {
      super.onOpen();
      if (this == client) {
        open();
      }
    }

    @Override
    public void onFillable() {
      pump.iterate();
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
      end(cause);
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
      return NanoTime.millisSince(lastMove) >= limits.idleTimeout().toMillis();
    }

    @Override
    public void onClose(Throwable cause) {
      super.onClose(cause);
      end(cause);
    }
  }

  /** Moves bytes from one side to the other. */
  private final class Pump extends IteratingCallback {
    private final Side from;
    private RetainableByteBuffer.Mutable buffer;

    Pump(Side from) {
      this.from = from;
    }

    @Override
    protected Action process() throws IOException {
      EndPoint to = other(from).getEndPoint();
      if (from.early != null) {
        ByteBuffer bytes = from.early;
        from.early = null;
        moved();
        to.write(this, bytes);
        return Action.SCHEDULED;
      }
      buffer = buffers.acquire(BUFFER, false);
      int read = from.getEndPoint().fill(buffer.getByteBuffer());
      if (read > 0) {
        moved();
        to.write(this, buffer.getByteBuffer());
        return Action.SCHEDULED;
      }
      release();
      if (read == 0) {
        from.fillInterested();
        return Action.IDLE;
      }
      return Action.SUCCEEDED;
    }

    private void moved() {
      lastMove = NanoTime.now();
      used |= from == client;
    }

    @Override
    protected void onSuccess() {
      release();
    }

    /** This side says no more; the other may still have something to say. */
    @Override
    protected void onCompleteSuccess() {
      from.ended = true;
      if (other(from).ended) {
        end(null);
      } else {
        other(from).getEndPoint().shutdownOutput();
      }
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
      release();
      end(cause);
    }

    private void release() {
      if (buffer != null) {
        buffer.release();
        buffer = null;
      }
    }
  }
}
