package dev.gatehouse.bench.compare;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Sends requests at a fixed rate, whatever the answers do, and counts from when each was due, so
 * that a server that stalls is charged with all the requests that it kept from being sent.
 */
final class PacedLoad {
  private static final long LONGEST_NAP_NANOS = 50_000;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  /**
   * What one measurement gave.
   *
   * @param othersShare of the CPU time that went to processes that do not belong to this run
   */
  record Result(double p50Millis, double p99Millis, double maxMillis, double othersShare) {}

  private final Queue<PacedConnection> idle = new ArrayDeque<>();
  private final List<PacedConnection> all = new ArrayList<>();
  private final Histogram nanos = new Histogram(60_000_000_000L, 3);
  private final double gapNanos;
  private long countFrom;

  private PacedLoad(double perSecond) {
    this.gapNanos = 1e9 / perSecond;
  }

  /** Loads {@code target} for {@code leadSeconds} that do not count, and then for those that do. */
  static Result run(
      Target target, Server origin, int connections, double perSecond, int leadSeconds, int seconds)
      throws IOException {
    PacedLoad load = new PacedLoad(perSecond);
    Others others = Others.beside(origin, target.server());
    try (Selector selector = Selector.open()) {
      InetSocketAddress server = new InetSocketAddress("127.0.0.1", target.server().port());
      for (int i = 0; i < connections; i++) {
        load.all.add(new PacedConnection(server, request(target), selector));
      }
      load.idle.addAll(load.all);
      load.send(selector, leadSeconds, seconds);
    } finally {
      for (PacedConnection connection : load.all) {
        connection.close();
      }
    }
    return new Result(
        load.nanos.getValueAtPercentile(50) / 1e6,
        load.nanos.getValueAtPercentile(99) / 1e6,
        load.nanos.getMaxValue() / 1e6,
        others.share());
  }

  private static byte[] request(Target target) {
    StringBuilder head =
        new StringBuilder("GET " + target.path() + " HTTP/1.1\r\n")
            .append("Host: 127.0.0.1:" + target.server().port() + "\r\n");
    target.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    return head.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  private void send(Selector selector, int leadSeconds, int seconds) throws IOException {
    Consumer<SelectionKey> take = this::take;
    long begin = System.nanoTime();
    countFrom = begin + leadSeconds * 1_000_000_000L;
    long requests = (long) ((leadSeconds + seconds) * 1e9 / gapNanos);
    long next = 0;
    while (next < requests || idle.size() < all.size()) {
      long due = begin + (long) (next * gapNanos);
      long now = System.nanoTime();
      while (next < requests && due <= now && !idle.isEmpty()) {
        idle.remove().send(due);
        next++;
        due = begin + (long) (next * gapNanos);
      }
      if (selector.selectNow(take) == 0) {
        // Blocking in the selector would wait for whole milliseconds.
        LockSupport.parkNanos(LONGEST_NAP_NANOS);
      }
      if (now - begin > requests * gapNanos + PATIENCE_NANOS) {
        throw new CompareFailure(
            String.format(
                Locale.ROOT,
                "%.0f requests per second are more than can be answered now: thirty seconds after"
                    + " the last was due, %d of %d have been sent",
                1e9 / gapNanos,
                next,
                requests));
      }
    }
  }

  private void take(SelectionKey key) {
    PacedConnection connection = (PacedConnection) key.attachment();
    try {
      if (connection.read()) {
        if (connection.dueNanos >= countFrom) {
          nanos.recordValue(System.nanoTime() - connection.dueNanos);
        }
        idle.add(connection);
      }
    } catch (IOException e) {
      throw new CompareFailure("a connection breaks under paced load", e);
    }
  }
}
