package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.BodyWatch;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the body of the app's answer to the client, and so the answer: Jetty sends the head with
 * the first write. No more is read than the client has taken, but for one piece ahead.
 */
final class AnswerRelay extends IteratingCallback {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerRelay.class);

  /** So many answers of HTTP/2 may have to share what is held to be a fast enough line. */
  private static final int STREAMS_AT_ONCE = 16;

  /** The client has taken less of the answer than an honest one takes (TH-DOS-10). */
  private static final class ClientTooSlow extends IOException {
    private static final long serialVersionUID = 1L;

    ClientTooSlow() {
      super("client takes the answer too slowly");
    }
  }

  /** The app has reset the connection with which its answer was to end. */
  private static final class CutByApp extends IOException {
    private static final long serialVersionUID = 1L;

    CutByApp() {
      super("the app has reset its connection");
    }
  }

  private final UpstreamExchange owner;
  private final ProxyExchange exchange;
  private final GatehouseConfig.Limits limits;
  private final boolean http2;
  private final Content.Source source;
  private final Response response;

  /** Who looks at what passes; null for nobody. */
  private final BodyWatch watch;

  /** RFC 9112 §6.3: nothing but the connection's end tells where the answer ends. */
  private final boolean endsWithConnection;

  private Content.Chunk chunk;

  /**
   * What has been read behind {@link #chunk}. Knowing the end when the last bytes go out lets the
   * app's connection serve the client's next request, and saves a write.
   */
  private Content.Chunk ahead;

  private boolean begun;
  private boolean allRead;

  /** When the client was last given something; the last of all has no time to keep. */
  private volatile long given;

  /** Whether the client has not yet taken what it was last given. */
  private volatile boolean giving;

  private Scheduler.Task deadline;

  private volatile long waitedNanos;
  private volatile long taken;
  private boolean tooSlow;

  /**
   * @param source of the answer's body
   */
  AnswerRelay(UpstreamExchange owner, Content.Source source, Response response) {
    HttpFields fields = response.getHeaders();
    this.owner = owner;
    this.exchange = owner.exchange();
    this.limits = owner.limits();
    this.http2 = ProxyExchange.isHttp2(exchange.request());
    this.source = source;
    this.response = response;
    this.watch = owner.watch();
    this.endsWithConnection =
        !fields.contains(HttpHeader.CONTENT_LENGTH)
            && !fields.contains(HttpHeader.TRANSFER_ENCODING);
  }

  @Override
  protected Action process() throws IOException {
    if (allRead) {
      return Action.SUCCEEDED;
    }
    if (tooSlow) {
      throw new ClientTooSlow();
    }
    Content.Chunk next = ahead != null ? ahead : source.read();
    ahead = null;
    if (next == null) {
      return waitForMore();
    }
    if (!next.isLast()) {
      UpstreamTransport.hold(owner.appSide(), next);
      ahead = source.read();
    }
    if (Content.Chunk.isFailure(next) || Content.Chunk.isFailure(ahead)) {
      return fail(next, Content.Chunk.isFailure(next) ? next : ahead);
    }
    allRead = next.isLast() || ahead != null && ahead.isLast() && !ahead.hasRemaining();
    if (allRead && endsWithConnection && UpstreamConnector.wasReset(owner.appSide())) {
      next.release();
      throw new CutByApp();
    }
    if (allRead && !owner.takeTrailers(response)) {
      next.release();
      throw new TrailerSection.Unsound();
    }
    if (!begin()) {
      return fail(next, Content.Chunk.EOF);
    }
    chunk = next;
    if (watch != null) {
      watch.passing(next.getByteBuffer());
      if (allRead) {
        watch.ended();
      }
    }
    if (!allRead || http2) {
      given = NanoTime.now();
      taken += next.remaining();
      giving = true;
    }
    if (http2 && deadline == null) {
      watchPace();
    }
    exchange.response().write(allRead, next.getByteBuffer(), this);
    return Action.SCHEDULED;
  }

  private void watchPace() {
    deadline =
        exchange
            .request()
            .getComponents()
            .getScheduler()
            .schedule(this::lookAtPace, limits.pace().grace().toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Ends an answer that crawls. In HTTP/2 the client makes room for it byte by byte, and with each
   * of them the stream is idle no more, so that a write may take days.
   */
  private void lookAtPace() {
    if (owner.isOver()) {
      return;
    }
    if (giving && pacedTooSlow(waitedNanos + NanoTime.since(given))) {
      ClientTooSlow slow = new ClientTooSlow();
      LOG.info("an answer is cut: {}", slow.getMessage());
      owner.breakOff(slow);
    } else {
      watchPace();
    }
  }

  /** Streams of one connection share a line, which may be a slow one. */
  private boolean pacedTooSlow(long nanos) {
    return limits.pace().tooSlow(nanos, http2 ? taken * STREAMS_AT_ONCE : taken);
  }

  private void paced() {
    if (deadline != null) {
      deadline.cancel();
    }
  }

  /** Lets onComplete tell what went wrong, and end the exchange. */
  private Action fail(Content.Chunk unsent, Content.Chunk failure) {
    unsent.release();
    releaseAll();
    if (Content.Chunk.isFailure(failure)) {
      owner.request().abort(failure.getFailure());
    }
    if (!allRead) {
      UpstreamTransport.drop(owner.appSide());
    }
    return Action.IDLE;
  }

  /** The head must not wait for a body that comes later: events, long answers. */
  private Action waitForMore() {
    if (!begun && begin()) {
      given = NanoTime.now();
      exchange.response().write(false, BufferUtil.EMPTY_BUFFER, this);
      return Action.SCHEDULED;
    }
    source.demand(this::iterate);
    return Action.IDLE;
  }

  private boolean begin() {
    begun = begun || owner.relays();
    return begun;
  }

  @Override
  protected void onSuccess() {
    releaseChunk();
    if (!allRead) {
      waitedNanos += NanoTime.since(given);
      tooSlow = pacedTooSlow(waitedNanos);
      giving = false;
    }
  }

  @Override
  protected void onCompleteSuccess() {
    paced();
    releaseAll();
    owner.answered();
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    paced();
    releaseAll();
    owner.request().abort(cause);
    if (!allRead) {
      UpstreamTransport.drop(owner.appSide());
    }
    owner.request().settled();
    if (cause instanceof CutByApp || cause instanceof TrailerSection.Unsound) {
      owner.fail(cause);
    } else if (cause instanceof ClientTooSlow) {
      LOG.info("an answer is cut: {}", cause.getMessage());
      owner.breakOff(cause);
    } else {
      owner.end(() -> exchange.callback().failed(cause));
    }
  }

  private void releaseChunk() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }

  private void releaseAll() {
    releaseChunk();
    if (ahead != null) {
      ahead.release();
      ahead = null;
    }
  }
}
