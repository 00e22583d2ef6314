package dev.gatehouse.identity;

import java.util.Collection;

/**
 * Recognises the header fields that only the gateway may write, in every spelling that an app might
 * fold together: any case, {@code _} or {@code .} for {@code -}, spaces around (TH-HDR-1, -2, -4).
 * Immutable, safe for concurrent use.
 */
public final class InboundHeaders {
  /** Recognises {@code names} beside the well-known identity fields. */
  public InboundHeaders(Collection<String> names) {}

  /** Whether an inbound field of that name is removed. Allocates nothing. */
  public boolean removes(String name) {
    throw new IllegalStateException("not written yet");
  }
}
