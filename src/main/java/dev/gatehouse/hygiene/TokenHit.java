package dev.gatehouse.hygiene;

import java.util.Objects;

/**
 * Where in a text a token stands. Holds positions and never the value.
 *
 * @param from where the parameter begins
 * @param to where it ends, before the separator
 * @param valueFrom where its value begins
 * @param valueTo where its value ends
 * @param name the watched name, or {@link TokenScanner#JWT_VALUE} or {@link TokenScanner#OWN_VALUE}
 * @param secondDecoding whether the name came out only when it was decoded a second time
 */
public record TokenHit(
    int from, int to, int valueFrom, int valueTo, String name, boolean secondDecoding) {
  public TokenHit {
    Objects.requireNonNull(name, "name");
  }

  /** The value in {@code text}, decoded once: for a fingerprint and for nothing else. */
  public String value(String text) {
    return Escapes.decode(text, valueFrom, valueTo);
  }
}
