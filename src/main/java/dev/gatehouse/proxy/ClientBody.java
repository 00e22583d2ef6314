package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.BodyRelay;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.client.Request.Content;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.Trailers;
import org.eclipse.jetty.io.Content.Chunk;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.NanoTime;

/** The body of a client request on its way to the app, chunk by chunk as the app takes it. */
final class ClientBody implements Content {

  /** More bytes came than {@code limits.max-body} allows. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(long maxBytes) {
      super("request body is larger than " + maxBytes + " bytes");
    }
  }

  /** Less came in the time that the gateway waited for the client than an honest client sends. */
  static final class TooSlow extends IOException {
    private static final long serialVersionUID = 1L;

    TooSlow() {
      super("request body comes too slowly");
    }
  }

  private final Request request;
  private final long maxBytes;
  private final GatehouseConfig.Limits.Pace pace;

  /** What trailer fields are held to; null where nobody reads them. */
  private final GatehouseConfig.Limits limits;

  private long received;
  private long waitedNanos;
  private long demandedAt;
  private boolean last;
  private boolean released;
  private boolean demanded;
  private Throwable failure;
  private Runnable afterRelease;

  /** What was read ahead and goes on first; null when it has gone. */
  private ByteBuffer ahead;

  private long grown;
  private BodyRelay relay;
  private boolean told;

  /** As they came; null for none. */
  private HttpFields trailers;

  ClientBody(Request request, GatehouseConfig.Limits limits) {
    this(request, limits.maxBodyBytes(), limits.pace(), limits);
  }

  /**
   * @param maxBytes negative for no limit
   */
  ClientBody(Request request, long maxBytes, GatehouseConfig.Limits.Pace pace) {
    this(request, maxBytes, pace, null);
  }

  private ClientBody(
      Request request,
      long maxBytes,
      GatehouseConfig.Limits.Pace pace,
      GatehouseConfig.Limits limits) {
    this.request = request;
    this.maxBytes = maxBytes;
    this.pace = pace;
    this.limits = limits;
  }

  /** As announced, and as much more or less as what was read ahead has changed. */
  @Override
  public synchronized long getLength() {
    return request.getLength() < 0 ? -1 : request.getLength() + grown;
  }

  /**
   * Sends on what was read ahead, before what comes then.
   *
   * @param start goes on in place of the first {@code replaced} bytes that were read
   * @param beyond more that was read ahead, which is shown to {@code watcher} like the rest
   * @param watcher null where nobody looks at the rest
   */
  synchronized void goesOnWith(byte[] start, int replaced, byte[] beyond, BodyRelay watcher) {
    relay = watcher;
    grown = start.length - replaced;
    ahead = ByteBuffer.allocate(start.length + beyond.length).put(start).put(beyond).flip();
    show(ByteBuffer.wrap(beyond));
    tellEnd();
  }

  /** None of our own: the client's Content-Type goes on with the other fields. */
  @Override
  public String getContentType() {
    return null;
  }

  @Override
  public synchronized Chunk read() {
    if (released) {
      // The app may answer before Jetty's client has asked for the end of what has all been sent.
      return complete() ? Chunk.EOF : Chunk.from(new IOException("request body no longer wanted"));
    }
    if (failure != null) {
      return Chunk.from(failure);
    }
    if (ahead != null) {
      Chunk first = Chunk.from(ahead, received());
      ahead = null;
      return first;
    }
    Chunk chunk = request.read();
    if (chunk == null) {
      return null;
    }
    if (Chunk.isFailure(chunk)) {
      failure = chunk.getFailure();
      return Chunk.from(failure);
    }
    received += chunk.remaining();
    if (maxBytes >= 0 && received > maxBytes) {
      chunk.release();
      failure = new TooLarge(maxBytes);
      return Chunk.from(failure);
    }
    boolean ends = chunk.isLast();
    // RFC 9113 §8.1.1, which Jetty does not check where trailers end a body: the app would take the
    // next request for what is missing.
    if (ends && request.getLength() >= 0 && received != request.getLength()) {
      chunk.release();
      failure = new HttpException.RuntimeException(400, "request body is not as long as announced");
      return Chunk.from(failure);
    }
    if (chunk instanceof Trailers section && !take(section.getTrailers())) {
      failure = new HttpException.RuntimeException(400, "malformed or too many trailer fields");
      return Chunk.from(failure);
    }
    last |= ends;
    // TH-DOS-10: time in which the app took nothing does not count.
    if (!last && pace.tooSlow(waitedNanos, received)) {
      chunk.release();
      failure = new TooSlow();
      return Chunk.from(failure);
    }
    if (chunk.hasRemaining()) {
      show(chunk.getByteBuffer());
    }
    tellEnd();
    return chunk instanceof Trailers ? Chunk.EOF : chunk;
  }

  private boolean take(HttpFields section) {
    if (limits == null) {
      return true;
    }
    trailers = section;
    return TrailerSection.isSound(section, limits)
        && (!ProxyExchange.isHttp2(request) || Http2Head.isSection(section));
  }

  /** The fields behind the body as they came, once all of it has been read; null for none. */
  synchronized HttpFields trailers() {
    return trailers;
  }

  private void show(ByteBuffer bytes) {
    if (relay != null) {
      relay.passing(bytes);
    }
  }

  private void tellEnd() {
    if (relay != null && !told && received()) {
      told = true;
      relay.ended();
    }
  }

  @Override
  public void demand(Runnable available) {
    synchronized (this) {
      if (released) {
        return;
      }
      demanded = true;
      demandedAt = NanoTime.now();
    }
    request.demand(() -> onAvailable(available));
  }

  private void onAvailable(Runnable available) {
    Runnable then;
    synchronized (this) {
      demanded = false;
      waitedNanos += NanoTime.since(demandedAt);
      then = released ? afterRelease : available;
    }
    if (then != null) {
      then.run();
    }
  }

  /** The upstream request has failed; what the client still sends is read by nobody. */
  @Override
  public void fail(Throwable cause) {
    // Whoever ends the exchange releases the rest.
  }

  /** Why reading failed on the client's side; null where it did not. */
  synchronized Throwable failure() {
    return failure;
  }

  /** Whether the gateway waits for the client to send more. */
  synchronized boolean awaited() {
    return demanded;
  }

  /** Whether all of it has been read, and nothing of it is still to go on. */
  synchronized boolean complete() {
    return ahead == null && received();
  }

  /** Whether the client has sent all of it. */
  synchronized boolean received() {
    return last || request.getLength() >= 0 && received >= request.getLength();
  }

  /**
   * Reads no more, and runs {@code then} when no read is outstanding: Jetty breaks a connection on
   * which a request is completed while a read is.
   */
  void release(Runnable then) {
    synchronized (this) {
      released = true;
      if (demanded) {
        afterRelease = then;
        return;
      }
    }
    then.run();
  }
}
