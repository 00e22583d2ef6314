package dev.gatehouse.gate;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The beginning of a request body that a door has read ahead.
 *
 * @param bytes what has come, without chunk framing; not copied, and not to be changed
 * @param whole whether the body ends there
 * @param fields the fields of a multipart form that a servlet container has read into parts itself,
 *     in place of {@code bytes}
 */
public record BodyStart(byte[] bytes, boolean whole, Optional<List<Field>> fields) {
  private static final byte[] NOTHING = {};

  public BodyStart {
    Objects.requireNonNull(bytes, "bytes");
    fields = fields.map(List::copyOf);
  }

  /** The first bytes of a body. */
  public BodyStart(byte[] bytes, boolean whole) {
    this(bytes, whole, Optional.empty());
  }

  /**
   * One field of a form.
   *
   * @param file whether it is a file, whose content is no value
   * @param value asked for only where it is needed
   */
  public record Field(String name, boolean file, Supplier<String> value) {}

  /** A request without a body. */
  public static BodyStart nothing() {
    return new BodyStart(NOTHING, true);
  }

  /** A multipart form of which somebody else has made fields. */
  public static BodyStart of(List<Field> fields) {
    return new BodyStart(NOTHING, true, Optional.of(fields));
  }

  /** Without the bytes, which may hold passwords and tokens (TH-SEC-3). */
  @Override
  public String toString() {
    return "BodyStart[" + bytes.length + " bytes" + (whole ? ", whole]" : "]");
  }
}
