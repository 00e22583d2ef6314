package dev.gatehouse.proxy;

import java.nio.ByteBuffer;

/**
 * Follows the bytes of an HTTP/2 connection from frame to frame (RFC 9113 §4.1), to know whether
 * something has begun that should soon end: the preface, a frame other than DATA, a header block.
 * One for each connection; used by one thread at a time.
 */
final class FrameWatch {
  private static final int PREFACE = 24;
  private static final int HEADER = 9;
  private static final int DATA = 0x0;
  private static final int HEADERS = 0x1;
  private static final int CONTINUATION = 0x9;
  private static final int END_HEADERS = 0x4;

  /** An honest client fills each frame, so that the largest head takes few. */
  private static final int MOST_CONTINUATIONS = 64;

  private final long maxBlockBytes;
  private int preface = PREFACE;
  private int headerBytes;
  private int length;
  private int type = -1;
  private int flags;
  private int stream;
  private int blockStream;
  private int left;
  private boolean inBlock;
  private long blockBytes;
  private int continuations;
  private long finished;

  /**
   * @param maxBlockBytes what a header block may have before it is decoded
   */
  FrameWatch(long maxBlockBytes) {
    this.maxBlockBytes = maxBlockBytes;
  }

  /**
   * Looks at the bytes of {@code buffer} without taking them.
   *
   * @return false where a header block is longer than any that would be taken, or goes on in
   *     another stream
   */
  boolean accepts(ByteBuffer buffer) {
    int at = buffer.position();
    int skipped = Math.min(preface, buffer.limit() - at);
    preface -= skipped;
    at += skipped;
    while (at < buffer.limit()) {
      if (headerBytes < HEADER) {
        header(buffer.get(at++) & 0xff);
        if (headerBytes == HEADER && !begins()) {
          return false;
        }
      } else {
        skipped = Math.min(left, buffer.limit() - at);
        left -= skipped;
        at += skipped;
      }
      if (headerBytes == HEADER && left == 0) {
        ends();
      }
    }
    return true;
  }

  private void header(int b) {
    switch (headerBytes++) {
      case 0, 1, 2 -> length = length << 8 & 0xffffff | b;
      case 3 -> type = b;
      case 4 -> flags = b;
      default -> stream = stream << 8 | b;
    }
  }

  private boolean begins() {
    left = length;
    stream &= Integer.MAX_VALUE; // the first bit has no meaning
    if (interrupted()) {
      return false;
    }
    if (type == HEADERS) {
      inBlock = true;
      blockStream = stream;
      blockBytes = length;
      continuations = 0;
    } else if (type == CONTINUATION) {
      blockBytes += length;
      continuations++;
    }
    return !inBlock || blockBytes <= maxBlockBytes && continuations <= MOST_CONTINUATIONS;
  }

  private void ends() {
    if ((type == HEADERS || type == CONTINUATION) && (flags & END_HEADERS) != 0) {
      inBlock = false;
    }
    if (!inBlock) {
      finished++;
    }
    headerBytes = 0;
    length = 0;
    type = -1;
    stream = 0;
  }

  /** Whether what was not accepted was in the middle of a header block (RFC 9113 §6.10). */
  boolean interrupted() {
    return inBlock && (type != CONTINUATION || stream != blockStream);
  }

  /**
   * Whether the client should soon send more. Within DATA it is the body that has its deadlines.
   */
  boolean unfinished() {
    return preface > 0 || inBlock || headerBytes > 0 && type != DATA;
  }

  /** How much has ended so far: while this stays the same, what is unfinished is the same thing. */
  long finished() {
    return finished;
  }
}
