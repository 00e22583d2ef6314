package dev.gatehouse.hygiene;

import java.util.Objects;

/**
 * A token in a body.
 *
 * @param name the watched name, or {@link TokenScanner#JWT_VALUE} or {@link TokenScanner#OWN_VALUE}
 * @param value for a fingerprint and for nothing else; the beginning of a long one
 * @param secondDecoding whether the name came out only when it was decoded a second time
 */
public record BodyHit(String name, String value, boolean secondDecoding) {
  public BodyHit {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
  }

  /** Without the value (TH-SEC-3). */
  @Override
  public String toString() {
    return "BodyHit[" + name + "]";
  }
}
