package dev.gatehouse.servlet;

import dev.gatehouse.gate.BodyWatch;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Shows what the app writes to whoever looks at it. Asks who does when the first byte is written:
 * by then the app has said what it writes.
 */
final class AnswerEye {
  private final Supplier<Optional<BodyWatch>> watch;
  private Optional<BodyWatch> watching;
  private boolean ended;

  AnswerEye(Supplier<Optional<BodyWatch>> watch) {
    this.watch = watch;
  }

  void see(byte[] bytes, int offset, int length) {
    if (watching == null) {
      watching = watch.get();
    }
    watching.ifPresent(eyes -> eyes.passing(ByteBuffer.wrap(bytes, offset, length)));
  }

  /** The app writes no more. */
  void end() {
    if (watching != null && !ended) {
      ended = true;
      watching.ifPresent(BodyWatch::ended);
    }
  }
}
