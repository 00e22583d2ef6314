package dev.gatehouse.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpTokens;

/**
 * Takes plain field lines of a request's head in one piece (RFC 9112 §5): a name, a colon, a value
 * in which nothing is odd, CR LF. Jetty goes from byte to byte, and with a token of a kilobyte that
 * costs more than the rest of the request. All that is not plain, all that frames the message, and
 * the end of the head are left to Jetty, which then sees them as if the plain lines were not there.
 * For one thread at a time.
 */
class QuickFieldParser extends HttpParser {
  private static final boolean[] NAME = name();
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  /** What is to be done with a line. */
  private enum Line {
    /** Taken here. */
    PLAIN,
    /** Of a kind that Jetty has to see, and none of which is ever taken here. */
    FRAMING,
    /** Not plain, or not all there yet. */
    ODD
  }

  private final RequestHandler handler;
  private final int maxHeadBytes;

  /** What was taken here, and so not counted by Jetty. */
  private int taken;

  private boolean atLineStart = true;

  /**
   * Whether Jetty has been given nothing but what frames the message. It tells of a line only when
   * it sees the next one, and lines of one name must not change places (RFC 9110 §5.3).
   */
  private boolean inOrder = true;

  QuickFieldParser(RequestHandler handler, int maxHeadBytes, HttpCompliance compliance) {
    super(handler, maxHeadBytes, compliance);
    this.handler = handler;
    this.maxHeadBytes = maxHeadBytes;
  }

  @Override
  public void reset() {
    super.reset();
    taken = 0;
    atLineStart = true;
    inOrder = true;
  }

  @Override
  protected boolean parseFields(ByteBuffer buffer) {
    boolean handle = false;
    while (!handle && inFields() && buffer.hasRemaining()) {
      Line line = isState(State.HEADER) && inOrder && atLineStart ? takeField(buffer) : Line.ODD;
      inOrder &= line != Line.ODD;
      if (line != Line.PLAIN) {
        handle = parseOneLine(buffer);
      }
    }
    return handle;
  }

  private boolean inFields() {
    return isState(State.HEADER) || isState(State.TRAILER);
  }

  /** With so much more of the head, or of the trailer section behind it. */
  private void refuseIfTooLarge(int more) {
    if (taken + getHeaderLength() + more > maxHeadBytes) {
      throw new HttpException.RuntimeException(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
    }
  }

  /** Lets Jetty have the rest of this line, or what there is of it. */
  private boolean parseOneLine(ByteBuffer buffer) {
    int limit = buffer.limit();
    int end = buffer.position();
    while (end < limit && buffer.get(end) != '\n') {
      end++;
    }
    atLineStart = end < limit;
    int behind = atLineStart ? end + 1 : limit;
    refuseIfTooLarge(behind - buffer.position());
    buffer.limit(behind);
    try {
      return super.parseFields(buffer);
    } finally {
      buffer.limit(limit);
    }
  }

  /** Takes a line if it is plain, and nothing otherwise. */
  private Line takeField(ByteBuffer buffer) {
    int start = buffer.position();
    int colon = start;
    int limit = buffer.limit();
    while (colon < limit && NAME[buffer.get(colon) & 0xff]) {
      colon++;
    }
    if (colon == start || colon == limit || buffer.get(colon) != ':') {
      return Line.ODD;
    }
    int end = endOfValue(buffer, colon + 1);
    if (end + 1 >= limit || buffer.get(end) != '\r' || buffer.get(end + 1) != '\n') {
      return Line.ODD;
    }
    String name = text(buffer, start, colon);
    HttpHeader known = HttpHeader.CACHE.get(name);
    if (known != null && frames(known)) {
      return Line.FRAMING;
    }
    String written = known == null ? name : known.asString();
    String value = trimmed(buffer, colon + 1, end);
    int length = end + 2 - start;
    refuseIfTooLarge(length);
    taken += length;
    buffer.position(end + 2);
    handler.parsedHeader(newHttpField(known, written, value));
    return Line.PLAIN;
  }

  /** What Jetty's parser itself has to know of. */
  private static boolean frames(HttpHeader header) {
    return switch (header) {
      case HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION -> true;
      default -> false;
    };
  }

  /** The first byte from there on that no value has, or the limit. */
  private static int endOfValue(ByteBuffer buffer, int from) {
    int limit = buffer.limit();
    int i = from;
    while (i < limit) {
      // Eight at a time, as long as none of them is a control character.
      while (i + Long.BYTES <= limit && !hasControl(buffer.getLong(i))) {
        i += Long.BYTES;
      }
      int stop = Math.min(i + Long.BYTES, limit);
      while (i < stop) {
        byte b = buffer.get(i);
        if (b >= 0 && b < ' ' && b != '\t' || b == 0x7f) {
          return i;
        }
        i++;
      }
    }
    return limit;
  }

  /** Whether one of eight bytes is below a space, or DEL. */
  private static boolean hasControl(long bytes) {
    long delete = bytes ^ 0x7f * LOW_BITS;
    long low = bytes - ' ' * LOW_BITS & ~bytes;
    return ((low | delete - LOW_BITS & ~delete) & HIGH_BITS) != 0;
  }

  /** RFC 9110 §5.5: white space around it is no part of a value. */
  private static String trimmed(ByteBuffer buffer, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && blank(buffer.get(start))) {
      start++;
    }
    while (end > start && blank(buffer.get(end - 1))) {
      end--;
    }
    return text(buffer, start, end);
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static String text(ByteBuffer buffer, int from, int to) {
    byte[] bytes = new byte[to - from];
    buffer.get(from, bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static boolean[] name() {
    boolean[] name = new boolean[256];
    for (int b = 0; b < name.length; b++) {
      HttpTokens.Token token = HttpTokens.getToken((byte) b);
      name[b] =
          switch (token.getType()) {
            case ALPHA, DIGIT, TCHAR -> true;
            default -> false;
          };
    }
    return name;
  }
}
