package dev.gatehouse.servlet;

import dev.gatehouse.gate.BodyRelay;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The body that the app reads: what the filter has read ahead, then the rest of the container's
 * stream. Reads as the container's does, asynchronously too (Servlet 5.0 §3.7).
 */
final class ReplayStream extends ServletInputStream {
  private ByteBuffer start;
  private final ServletInputStream rest;
  private final BodyRelay relay;
  private final Supplier<AsyncContext> async;
  private ReadListener listener;
  private boolean calling;
  private boolean ended;

  /**
   * @param rest null where the start is all there is
   * @param relay who looks at the rest; null for nobody
   * @param async where a listener of a body that is all there is called
   */
  ReplayStream(
      byte[] start, ServletInputStream rest, BodyRelay relay, Supplier<AsyncContext> async) {
    this.start = ByteBuffer.wrap(start);
    this.rest = rest;
    this.relay = relay;
    this.async = async;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    int count = start.hasRemaining() ? ofStart(into, offset, length) : ofRest(into, offset, length);
    if (listener != null && rest == null && !calling && isFinished()) {
      async.get().start(this::tellEnd);
    }
    return count;
  }

  private int ofStart(byte[] into, int offset, int length) {
    int count = Math.min(length, start.remaining());
    start.get(into, offset, count);
    return count;
  }

  private int ofRest(byte[] into, int offset, int length) throws IOException {
    int count = rest == null ? -1 : rest.read(into, offset, length);
    if (relay != null && count > 0) {
      relay.passing(ByteBuffer.wrap(into, offset, count));
    }
    if (count < 0 || rest.isFinished()) {
      tellRelay();
    }
    return count;
  }

  private void tellRelay() {
    if (relay != null && !ended) {
      ended = true;
      relay.ended();
    }
  }

  @Override
  public int available() throws IOException {
    return start.hasRemaining() ? start.remaining() : rest == null ? 0 : rest.available();
  }

  @Override
  public boolean isFinished() {
    return !start.hasRemaining() && (rest == null || rest.isFinished());
  }

  @Override
  public boolean isReady() {
    return start.hasRemaining() || rest == null || rest.isReady();
  }

  @Override
  public void setReadListener(ReadListener readListener) {
    Objects.requireNonNull(readListener, "readListener");
    if (listener != null) {
      throw new IllegalStateException("there is a ReadListener already");
    }
    listener = readListener;
    if (rest == null) {
      async.get().start(this::offerStart);
    } else {
      try {
        takeWhatIsBuffered();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      rest.setReadListener(new RestListener());
    }
  }

  /**
   * Empties the container's buffer. Tomcat forgets that its buffer holds bytes of a blocking read
   * when it begins to read without blocking, and writes over them.
   */
  private void takeWhatIsBuffered() throws IOException {
    int buffered = rest.available();
    while (buffered > 0) {
      byte[] taken = new byte[buffered];
      int count = ofRest(taken, 0, buffered);
      if (count <= 0) {
        return;
      }
      ByteBuffer longer = ByteBuffer.allocate(start.remaining() + count);
      start = longer.put(start).put(taken, 0, count).flip();
      // Tomcat says 1 where its buffer is empty and more has come.
      buffered = count > 1 ? 0 : rest.available();
    }
  }

  /** For a body that is all there: no container would call. */
  private void offerStart() {
    calling = true;
    try {
      if (start.hasRemaining()) {
        listener.onDataAvailable();
      }
    } catch (IOException | RuntimeException e) {
      listener.onError(e);
      return;
    } finally {
      calling = false;
    }
    if (isFinished()) {
      tellEnd();
    }
  }

  private void tellEnd() {
    try {
      listener.onAllDataRead();
    } catch (IOException | RuntimeException e) {
      listener.onError(e);
    }
  }

  /**
   * Lets the app read the start before it hears of the end. One call at a time: while the app reads
   * the start, it does not ask the container whether there is more, and that may call again.
   */
  private final class RestListener implements ReadListener {
    @Override
    public void onDataAvailable() throws IOException {
      synchronized (ReplayStream.this) {
        listener.onDataAvailable();
      }
    }

    @Override
    public void onAllDataRead() throws IOException {
      synchronized (ReplayStream.this) {
        if (start.hasRemaining()) {
          listener.onDataAvailable();
        }
        tellRelay();
        listener.onAllDataRead();
      }
    }

    @Override
    public void onError(Throwable failure) {
      listener.onError(failure);
    }
  }
}
