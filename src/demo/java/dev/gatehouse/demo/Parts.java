package dev.gatehouse.demo;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What runs and has to be stopped, the latest first. Safe for concurrent use: a part that is added
 * after {@link #close} has begun is closed at once.
 */
final class Parts implements Closeable {
  private final Deque<Closeable> parts = new ArrayDeque<>();
  private boolean closed;

  /** Remembers {@code part}. */
  synchronized <T extends Closeable> T add(T part) throws IOException {
    if (closed) {
      part.close();
      throw new IOException("stopped while starting");
    }
    parts.push(part);
    return part;
  }

  /** Closes every part, also when one of them fails, and reports the failures together. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    IOException failure = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
