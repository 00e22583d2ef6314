package dev.gatehouse.hygiene;

/** Takes note of leaks. Must be safe for concurrent use and must not block. */
@FunctionalInterface
public interface LeakLog {
  /** Takes note of {@code leak}. */
  void note(Leak leak);

  /** Both this and {@code other}. */
  default LeakLog and(LeakLog other) {
    return leak -> {
      note(leak);
      other.note(leak);
    };
  }
}
