package dev.gatehouse.proxy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Knows which requests are running, so that a stop cuts none of them. A request that still arrives
 * on a kept connection is served, and its connection ends with it. Safe for concurrent use.
 */
final class Drain extends Handler.Wrapper {
  private final AtomicInteger running = new AtomicInteger();

  private volatile boolean draining;
  private volatile long lastArrival = System.nanoTime();

  Drain(Handler handler) {
    super(handler);
  }

  boolean draining() {
    return draining;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    running.incrementAndGet();
    Request.addCompletionListener(request, failure -> ended());
    if (draining) {
      lastArrival = System.nanoTime();
      response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
    }
    return super.handle(request, response, callback);
  }

  private void ended() {
    if (running.decrementAndGet() == 0 && draining) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** How many requests are running. */
  int running() {
    return running.get();
  }

  /** From now on the gateway is leaving. */
  void begin() {
    draining = true;
    lastArrival = System.nanoTime();
  }

  /** Whether no request has come for so long since it began. */
  boolean quietFor(Duration time) {
    return System.nanoTime() - lastArrival >= time.toNanos();
  }

  /**
   * Waits until no request is running.
   *
   * @param more and while this says that there is something else to wait for
   * @return false when {@code longest} was over first
   */
  synchronized boolean await(Duration longest, BooleanSupplier more) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (running.get() > 0 || more.getAsBoolean()) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      // Only the end of the last request wakes this up.
      wait(Math.min(left, 50));
    }
    return true;
  }
}
