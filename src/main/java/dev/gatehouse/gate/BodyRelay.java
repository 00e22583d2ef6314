package dev.gatehouse.gate;

import java.nio.ByteBuffer;

/**
 * How a body goes on to the app after its beginning was looked at. The door sends {@link #start} in
 * place of the beginning and shows the rest as it passes. Used by one thread at a time.
 */
public interface BodyRelay {
  /** What the app gets in place of the beginning; the beginning itself where nothing changes. */
  byte[] start();

  /**
   * Looks at bytes that follow the beginning on their way to the app. Keeps none of them and leaves
   * position and limit alone.
   */
  void passing(ByteBuffer bytes);

  /** The body has come to its end; called at most once, and not for a body that is cut off. */
  void ended();
}
