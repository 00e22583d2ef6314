package dev.gatehouse.proxy;

import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
  /** One party for each running request, and one for this object until it drains. */
  private final Phaser running = new Phaser(1);

  private volatile boolean draining;

  Drain(Handler handler) {
    super(handler);
  }

  boolean draining() {
    return draining;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    running.register();
    Request.addCompletionListener(request, failure -> running.arriveAndDeregister());
    if (draining) {
      response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
    }
    return super.handle(request, response, callback);
  }

  /** From now on the gateway is leaving. */
  void begin() {
    draining = true;
  }

  /**
   * Waits until no request is running.
   *
   * @return false when {@code longest} was over first
   */
  boolean await(Duration longest) throws InterruptedException {
    int phase = running.arrive();
    try {
      running.awaitAdvanceInterruptibly(phase, longest.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }
}
