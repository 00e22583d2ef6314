package dev.gatehouse.bench.compare;

import java.util.Random;

/** What the origin serves. */
final class Content {
  private Content() {}

  /** Always the same letters. */
  static String ofKib(int kib) {
    StringBuilder text = new StringBuilder(kib * 1024);
    new Random(kib).ints(kib * 1024L, 'a', 'z' + 1).forEach(c -> text.append((char) c));
    return text.toString();
  }
}
