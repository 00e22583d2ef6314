package dev.gatehouse.keys;

import java.util.List;

/**
 * The keys of one file, in its order: the first signs, all are published and open. Never empty.
 * Immutable.
 */
public record KeySet(List<OwnKey> keys) {
  public KeySet {
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("there is no key");
    }
  }

  /** The key that signs. */
  public OwnKey first() {
    return keys.get(0);
  }
}
