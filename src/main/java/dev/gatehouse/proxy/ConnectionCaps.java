package dev.gatehouse.proxy;

import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.GatehouseConfig;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections clients have, in all and each address, and whether one more may come
 * (TH-DOS-10). Addresses of IPv6 count by the /64 that one client usually has. Safe for concurrent
 * use.
 */
final class ConnectionCaps {
  /** What takes no place of its own: nobody, or a trusted proxy, which speaks for many. */
  static final long UNCOUNTED = -1;

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionCaps.class);
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final GatehouseConfig.Limits.Connections limits;
  private final List<Cidr> apart;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentHashMap<Long, Integer> byAddress = new ConcurrentHashMap<>();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong lastWarning = new AtomicLong(NanoTime.now() - QUIET.toNanos());

  /**
   * @param apart addresses that speak for many clients, and are not held to the limit of one
   */
  ConnectionCaps(GatehouseConfig.Limits.Connections limits, List<Cidr> apart) {
    this.limits = limits;
    this.apart = List.copyOf(apart);
  }

  /** How many are open. */
  int open() {
    return open.get();
  }

  /** How many have been refused so far. */
  long refused() {
    return refused.get();
  }

  /** How many addresses are counted. */
  int addresses() {
    return byAddress.size();
  }

  /** Takes a place among all; false where there is none, and it has to be given back even so. */
  boolean opened() {
    return open.incrementAndGet() <= limits.max() || refuse("in all");
  }

  /** Gives the place back. */
  void closed() {
    open.decrementAndGet();
  }

  /** What {@code address} is counted by. */
  long key(InetAddress address) {
    if (address == null || apart.stream().anyMatch(block -> block.contains(address))) {
      return UNCOUNTED;
    }
    byte[] bytes = address.getAddress();
    return bytes.length == 4
        ? Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt())
        : ByteBuffer.wrap(bytes).getLong() & Long.MAX_VALUE;
  }

  /** Takes a place of an address; false where it has none, and it has to be given back even so. */
  boolean arrived(long key) {
    return key == UNCOUNTED
        || byAddress.merge(key, 1, Integer::sum) <= limits.maxPerAddress()
        || refuse("from one address");
  }

  /** Gives the place of an address back. */
  void left(long key) {
    if (key != UNCOUNTED) {
      byAddress.computeIfPresent(key, (address, count) -> count == 1 ? null : count - 1);
    }
  }

  private boolean refuse(String which) {
    long so = refused.incrementAndGet();
    long last = lastWarning.get();
    if (NanoTime.since(last) >= QUIET.toNanos()
        && lastWarning.compareAndSet(last, NanoTime.now())) {
      LOG.warn("too many connections {}: closed at once, {} so far", which, so);
    }
    return false;
  }
}
