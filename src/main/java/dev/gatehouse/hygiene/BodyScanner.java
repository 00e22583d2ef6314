package dev.gatehouse.hygiene;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Looks for tokens in a body that passes in pieces, however it is cut. Keeps no more than a few
 * kilobytes, whatever comes. Used by one thread at a time.
 */
public interface BodyScanner {
  /** As much of one field as is looked at; the rest of it passes. */
  int MAX_FIELD = 8 * 1024;

  /** Looks at the next piece; leaves its position and limit alone. */
  void scan(ByteBuffer piece);

  /** There is no more: tells of a token whose value has only begun, too. */
  void end();

  /** Whether a watched name has been found whose value has not come to its end. */
  boolean midToken();

  /** Why servers may read the body otherwise than it is read here; empty while nothing is odd. */
  Optional<String> doubt();
}
