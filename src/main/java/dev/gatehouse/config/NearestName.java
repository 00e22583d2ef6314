package dev.gatehouse.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a misspelt one was meant to be (TH-CFG-10). */
final class NearestName {
  private NearestName() {}

  /** The candidate with the fewest edits, where these are few enough to be a slip. */
  static Optional<String> of(String written, Collection<String> candidates) {
    String name = fold(written);
    return candidates.stream()
        .filter(candidate -> edits(name, fold(candidate)) <= Math.max(2, candidate.length() / 3))
        .min(Comparator.comparingInt(candidate -> edits(name, fold(candidate))));
  }

  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Levenshtein distance: single characters inserted, removed or exchanged. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int exchange = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(exchange, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
