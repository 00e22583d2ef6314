package dev.gatehouse.bench.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What was asked, by kind, and what came otherwise than it was meant to. */
final class Tally {
  private static final int KEPT_FAILURES = 20;

  private final Map<String, LongAdder> asked = new ConcurrentHashMap<>();
  private final LongAdder failures = new LongAdder();
  private final ConcurrentLinkedQueue<String> examples = new ConcurrentLinkedQueue<>();

  void asked(String kind) {
    asked.computeIfAbsent(kind, k -> new LongAdder()).increment();
  }

  void failed(String kind, String what) {
    failures.increment();
    if (examples.size() < KEPT_FAILURES) {
      examples.add(kind + ": " + what);
    }
  }

  long failures() {
    return failures.sum();
  }

  String byKind() {
    return new TreeMap<>(asked).toString();
  }

  String examples() {
    return String.join("\n  ", examples);
  }
}
