package dev.gatehouse.proxy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Jetty's HTTP/1.1 connection with two things added: the request line is held to the letter, and a
 * request head has to be complete in time, however many bytes drop in meanwhile (TH-DOS-10).
 */
final class StrictHttpConnection extends HttpConnection {
  private final Duration headTimeout;
  private final Callback next = new Next();

  // Made within the constructor of the superclass: must have no initializer here.
  private RequestHandler requestHandler;

  StrictHttpConnection(
      HttpConfiguration http, Connector connector, EndPoint endPoint, Duration headTimeout) {
    super(http, connector, endPoint);
    this.headTimeout = headTimeout;
  }

  @Override
  protected RequestHandler newRequestHandler() {
    requestHandler = super.newRequestHandler();
    return requestHandler;
  }

  @Override
  protected HttpParser newHttpParser(HttpCompliance compliance) {
    HttpConfiguration http = getHttpConfiguration();
    HttpParser parser = new StrictParser(http.getRequestHeaderSize(), compliance);
    parser.setHeaderCacheSize(http.getHeaderCacheSize());
    parser.setHeaderCacheCaseSensitive(http.isHeaderCacheCaseSensitive());
    return parser;
  }

  /**
   * Waits for the next request where nothing of it has been read.
   *
   * @return false where something has, or where the connection ends with the last one
   */
  boolean awaitNext() {
    boolean idle =
        isRequestBufferEmpty() && getParser().isStart() && !getEndPoint().isInputShutdown();
    if (idle) {
      getEndPoint().fillInterested(next);
    }
    return idle;
  }

  private final class Next implements Callback {
    @Override
    public void succeeded() {
      onFillable();
    }

    @Override
    public void failed(Throwable cause) {
      onFillInterestedFailed(cause);
    }

    @Override
    public InvocationType getInvocationType() {
      return getConnector().getServer().getInvocationType();
    }
  }

  private final class StrictParser extends QuickFieldParser {
    private final RequestLineGuard guard = new RequestLineGuard();
    private Scheduler.Task deadline;

    StrictParser(int maxHeadBytes, HttpCompliance compliance) {
      super(requestHandler, maxHeadBytes, compliance);
    }

    @Override
    public boolean parseNext(ByteBuffer buffer) {
      if (inRequestLine() && !guard.accepts(buffer)) {
        BufferUtil.clear(buffer);
        badMessage(new HttpException.RuntimeException(400, "Bad request line"));
        return false;
      }
      boolean handle = super.parseNext(buffer);
      watchHead();
      return handle;
    }

    private boolean inRequestLine() {
      return getState().ordinal() < State.HEADER.ordinal();
    }

    @Override
    public void reset() {
      super.reset();
      guard.reset();
    }

    /**
     * A chunk's line and the trailer section count too: neither is content, of which a rate is
     * asked.
     */
    private void watchHead() {
      State state = getState();
      boolean inHead =
          !isStart() && state.ordinal() < State.CONTENT.ordinal()
              || state == State.CHUNK_SIZE
              || state == State.TRAILER;
      if (inHead && deadline == null) {
        EndPoint endPoint = getEndPoint();
        deadline =
            getConnector()
                .getScheduler()
                .schedule(
                    () -> endPoint.close(new TimeoutException("request head too slow")),
                    headTimeout.toNanos(),
                    TimeUnit.NANOSECONDS);
      } else if (!inHead && deadline != null) {
        deadline.cancel();
        deadline = null;
      }
    }
  }
}
