package dev.gatehouse.gate;

import java.nio.ByteBuffer;

/** Looks at a body that passes, and changes nothing. Used by one thread at a time. */
public interface BodyWatch {
  /** Looks at the next bytes; keeps none of them and leaves position and limit alone. */
  void passing(ByteBuffer bytes);

  /** The body has come to its end; called at most once, and not for a body that is cut off. */
  void ended();
}
