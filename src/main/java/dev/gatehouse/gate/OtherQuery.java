package dev.gatehouse.gate;

import java.util.Objects;

/**
 * A request with another query than it came with.
 *
 * @param rawQuery null for none
 */
record OtherQuery(ClientRequest request, String rawQuery) implements AlteredRequest {
  OtherQuery {
    Objects.requireNonNull(request, "request");
  }

  /** Without the query, which may hold anything. */
  @Override
  public String toString() {
    return "OtherQuery[" + method() + "]";
  }
}
