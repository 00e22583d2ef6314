package dev.gatehouse.proxy;

import dev.gatehouse.config.UpstreamRoute.Ejection;
import dev.gatehouse.ops.TargetMeter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a target is well: as its answers to questions tell, and as requests fare there. Says so
 * in the log once for each change. Safe for concurrent use; while all is well, a request costs no
 * lock.
 */
final class TargetHealth {
  private static final Logger LOG = LoggerFactory.getLogger(TargetHealth.class);

  private final String name;
  private final Ejection ejection;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong probeAt = new AtomicLong();
  private final TargetMeter meter;
  private volatile boolean down;
  private volatile boolean ejected;
  private boolean probing;
  private int times;

  /**
   * @param name of route and target, for the log
   * @param meters makes what counts for this target
   */
  TargetHealth(String name, Ejection ejection, TargetMeter.Maker meters) {
    this.name = name;
    this.ejection = ejection;
    this.meter = meters.meter(underWay::get, () -> well() ? 1 : 0);
  }

  /** Whether it should get requests. */
  boolean well() {
    return !down && !ejected;
  }

  /** Whether questions have found it unwell. */
  boolean down() {
    return down;
  }

  /** Requests that it has and has not answered. */
  int underWay() {
    return underWay.get();
  }

  /** When it may be tried again, in Jetty's nanoseconds. */
  long probeAt() {
    return probeAt.get();
  }

  /**
   * Whether the caller may try it, though it is ejected: one may, when its time is over. Who has
   * been told so need not tell what came of it; another may try later.
   */
  boolean probe() {
    long due = probeAt.get();
    if (down || !ejected || NanoTime.until(due) > 0) {
      return false;
    }
    if (!probeAt.compareAndSet(due, NanoTime.now() + length())) {
      return false;
    }
    synchronized (this) {
      probing = true;
    }
    return true;
  }

  /** A request goes there. */
  void begun() {
    underWay.incrementAndGet();
  }

  /** A request has ended, in whatever way. */
  void ended() {
    underWay.decrementAndGet();
  }

  /**
   * The app has answered.
   *
   * @param status what it said
   */
  void answered(int status) {
    if (ejection.onStatus() && status >= 502 && status <= 504) {
      failed();
      return;
    }
    meter.answered();
    if (failures.get() != 0) {
      failures.set(0);
    }
    if (ejected) {
      restore();
    }
  }

  /** No answer came in time. */
  void timedOut() {
    if (ejection.onStatus()) {
      failed();
    } else {
      meter.failed();
    }
  }

  /** It could not be reached, or answered nothing that is an answer. */
  void failed() {
    meter.failed();
    if (ejection.after() > 0 && failures.incrementAndGet() >= ejection.after()) {
      eject();
    }
  }

  private synchronized void eject() {
    // What was under way when it was ejected tells nothing new; only a probe does.
    if (ejected && !probing) {
      return;
    }
    if (!ejected) {
      LOG.warn(
          "{}: no requests for now, since {} failed in a row; see whether the app runs",
          name,
          failures.get());
    }
    times = ejected ? Math.min(times + 1, 30) : 0;
    probing = false;
    ejected = true;
    probeAt.set(NanoTime.now() + length());
  }

  private synchronized long length() {
    long most = ejection.mostTime().toNanos();
    long length = ejection.time().toNanos();
    return length > most >> times ? most : length << times;
  }

  private synchronized void restore() {
    if (ejected) {
      ejected = false;
      probing = false;
      times = 0;
      LOG.info("{}: answers again", name);
    }
  }

  /** What questions tell of it now. */
  synchronized void told(boolean isDown, String why) {
    if (down == isDown) {
      return;
    }
    down = isDown;
    if (isDown) {
      LOG.warn("{}: no requests for now, since the health check says {}", name, why);
    } else {
      failures.set(0);
      ejected = false;
      probing = false;
      times = 0;
      LOG.info("{}: the health check says that all is well", name);
    }
  }
}
