package dev.gatehouse.proxy;

import java.nio.ByteBuffer;

/**
 * Holds request lines to the letter of RFC 9112 §3: method, one space, target, one space, {@code
 * HTTP/1.0} or {@code HTTP/1.1}, CR LF. Jetty's parser forgives more white space and a missing CR,
 * and whatever stands before or behind the gateway may forgive differently. One for each
 * connection; used by one thread at a time.
 */
final class RequestLineGuard {
  private static final byte[] VERSION =
      "HTTP/1.".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private enum Part {
    BEFORE,
    BEFORE_LF,
    METHOD,
    TARGET,
    VERSION,
    LF,
    DONE
  }

  private Part part = Part.BEFORE;
  private int length;

  /** Expects a new request line. */
  void reset() {
    part = Part.BEFORE;
    length = 0;
  }

  /**
   * Looks at the bytes of {@code buffer} without taking them, up to the end of the line.
   *
   * @return false where the line is not as it must be
   */
  boolean accepts(ByteBuffer buffer) {
    for (int i = buffer.position(); i < buffer.limit() && part != Part.DONE; i++) {
      if (!accepts(buffer.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean accepts(byte b) {
    return switch (part) {
      case BEFORE -> before(b);
      case BEFORE_LF -> b == '\n' && next(Part.BEFORE);
      case METHOD -> b == ' ' ? next(Part.TARGET) : b > ' ' && b < 0x7f;
      case TARGET -> b == ' ' ? length > 0 && next(Part.VERSION) : target(b);
      case VERSION -> version(b);
      case LF -> b == '\n' && next(Part.DONE);
      case DONE -> true;
    };
  }

  /** RFC 9112 §2.2: at least one empty line before a request is to be ignored. */
  private boolean before(byte b) {
    if (b == '\r') {
      return next(Part.BEFORE_LF);
    }
    return b > ' ' && b < 0x7f && next(Part.METHOD);
  }

  private boolean target(byte b) {
    length++;
    // Bytes above 0x7f are negative here: no URI, but old browsers send them in queries. A fragment
    // is never sent (RFC 9112 §3.2).
    return b > ' ' && b < 0x7f && b != '#' || b < 0;
  }

  private boolean version(byte b) {
    if (length < VERSION.length) {
      return b == VERSION[length++];
    }
    if (length == VERSION.length) {
      length++;
      return b == '0' || b == '1';
    }
    return b == '\r' && next(Part.LF);
  }

  private boolean next(Part following) {
    part = following;
    length = 0;
    return true;
  }
}
