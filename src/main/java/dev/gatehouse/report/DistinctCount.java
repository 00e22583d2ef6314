package dev.gatehouse.report;

/**
 * About how many different texts there were, in 128 bytes: linear counting (Whang, Vander-Zanden
 * and Taylor, 1990). Good to a few in a hundred up to a thousand; above {@link #MOST} it says that.
 * Not safe for concurrent use.
 */
final class DistinctCount {
  /** What is not counted beyond. */
  static final long MOST = 5_000;

  private static final int BITS = 1024;

  private final long[] seen = new long[BITS / Long.SIZE];

  void add(String text) {
    // The finisher of MurmurHash3: it spreads what String.hashCode leaves in a few bits.
    int hash = text.hashCode();
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    int bit = (hash ^ (hash >>> 16)) & (BITS - 1);
    seen[bit / Long.SIZE] |= 1L << (bit % Long.SIZE);
  }

  void addAll(DistinctCount other) {
    for (int i = 0; i < seen.length; i++) {
      seen[i] |= other.seen[i];
    }
  }

  long estimate() {
    int empty = BITS;
    for (long word : seen) {
      empty -= Long.bitCount(word);
    }
    return empty == 0 ? MOST : Math.min(MOST, Math.round(BITS * Math.log((double) BITS / empty)));
  }
}
