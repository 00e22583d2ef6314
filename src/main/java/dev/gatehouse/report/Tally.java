package dev.gatehouse.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How often each of a few texts came; of the rest how often, and about how many they were.
 *
 * @param top the most frequent first
 * @param others how often another text came than those
 * @param more about how many others there were; at most {@link DistinctCount#MOST}
 */
public record Tally(List<Entry> top, long others, long more) {
  /** A text and how often it came. */
  public record Entry(String text, long count) {}

  public Tally {
    top = List.copyOf(top);
  }

  /** Whether one of the texts that are told contains {@code part}, in any case. */
  boolean names(String part) {
    return top.stream().anyMatch(entry -> Words.contains(entry.text(), part));
  }

  /** Counts. Not safe for concurrent use. */
  static final class Counter {
    private static final int TOLD = 8;

    private final Frequent<String, long[]> frequent =
        new Frequent<>(TOLD, text -> new long[1], count -> {});
    private final DistinctCount distinct = new DistinctCount();
    private long all;

    void add(String text) {
      add(text, 1);
      distinct.add(text);
    }

    private void add(String text, long times) {
      all += times;
      long[] count = frequent.at(text);
      if (count != null) {
        count[0] += times;
      }
    }

    void addAll(Counter other) {
      Tally told = other.tally();
      told.top().forEach(entry -> add(entry.text(), entry.count()));
      all += told.others();
      distinct.addAll(other.distinct);
    }

    Tally tally() {
      List<Entry> top =
          frequent.kept().entrySet().stream()
              .map(Counter::entry)
              .sorted(Comparator.comparingLong(Entry::count).reversed().thenComparing(Entry::text))
              .toList();
      long told = top.stream().mapToLong(Entry::count).sum();
      long others = all - told;
      long more = others == 0 ? 0 : Math.max(1, distinct.estimate() - top.size());
      return new Tally(top, others, more);
    }

    private static Entry entry(Map.Entry<String, long[]> kept) {
      return new Entry(kept.getKey(), kept.getValue()[0]);
    }
  }
}
