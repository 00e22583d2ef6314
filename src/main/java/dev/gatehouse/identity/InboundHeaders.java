package dev.gatehouse.identity;

import java.util.Collection;
import java.util.stream.Stream;

/**
 * Recognises the header fields that only the gateway may write, in every spelling that an app might
 * fold together: any case, anything but a letter or digit for {@code -}, spaces around (TH-HDR-1,
 * -2, -4). Immutable, safe for concurrent use.
 */
public final class InboundHeaders {
  private final FieldNames names;

  /** Recognises {@code names} beside the well-known identity fields. */
  public InboundHeaders(Collection<String> names) {
    this.names =
        new FieldNames(
            Stream.concat(names.stream(), WellKnownFields.wholes().stream()).toList(),
            WellKnownFields.beginnings());
  }

  /**
   * Whether an inbound field of that name is removed. Allocates nothing.
   *
   * <p>A name that is no token (RFC 9110 §5.1) goes as well, whatever it says: how an app folds it
   * is anybody's guess.
   */
  public boolean removes(String name) {
    return !FieldNames.isToken(name) || names.contains(name);
  }
}
