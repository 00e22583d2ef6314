package dev.gatehouse.proxy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content.Chunk;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Takes in and drops what a client still sends of a body that nobody wants, before its request
 * ends. A connection that is closed while bytes arrive is reset, and the reset overtakes the answer
 * that the client was about to read (RFC 9112 §9.6).
 */
final class Linger implements Callback {
  private final Request request;
  private final Callback callback;
  private final Duration longest;
  private Scheduler.Task deadline;

  private Linger(Request request, Callback callback, Duration longest) {
    this.request = request;
    this.callback = callback;
    this.longest = longest;
  }

  /**
   * What ends {@code request} with {@code callback} once its body has come.
   *
   * @param longest after which the connection is closed
   */
  static Callback before(Callback callback, Request request, Duration longest) {
    // Who expects 100 sends no body; what comes next may be another request. HTTP/2 can reset a
    // stream and keep the answer.
    boolean useless =
        request.getConnectionMetaData().getHttpVersion().getVersion()
                > HttpVersion.HTTP_1_1.getVersion()
            || request.getHeaders().contains(HttpHeader.EXPECT)
            || request.getLength() <= 0
                && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    return useless ? callback : new Linger(request, callback, longest);
  }

  @Override
  public void succeeded() {
    while (true) {
      Chunk chunk = request.read();
      if (chunk == null) {
        watch();
        request.demand(this::succeeded);
        return;
      }
      chunk.release();
      if (chunk.isLast()) {
        break;
      }
      watch();
    }
    if (deadline != null) {
      deadline.cancel();
    }
    callback.succeeded();
  }

  /** Also while bytes come faster than they are read, and nothing is awaited. */
  private void watch() {
    if (deadline == null) {
      deadline =
          request
              .getComponents()
              .getScheduler()
              .schedule(this::giveUp, longest.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Ends the read that is outstanding, with which the request ends. */
  private void giveUp() {
    request
        .getConnectionMetaData()
        .getConnection()
        .getEndPoint()
        .close(new TimeoutException("the rest of the body does not come"));
  }

  @Override
  public void failed(Throwable failure) {
    callback.failed(failure);
  }
}
