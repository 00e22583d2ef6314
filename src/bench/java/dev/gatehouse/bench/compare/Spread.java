package dev.gatehouse.bench.compare;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Median and range of what several rounds gave. */
record Spread(double median, double min, double max) {
  static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
  }

  static <T> Spread of(List<T> rounds, ToDoubleFunction<T> value) {
    return of(rounds.stream().map(value::applyAsDouble).toList());
  }

  /** Of the ratios of each round, which a busy minute disturbs less than the ratio of medians. */
  static <T> Spread ofRatios(List<T> rounds, List<T> others, ToDoubleFunction<T> value) {
    return of(
        IntStream.range(0, rounds.size())
            .mapToObj(i -> value.applyAsDouble(rounds.get(i)) / value.applyAsDouble(others.get(i)))
            .toList());
  }

  /** Such as {@code 61.2 (59.8–64.0)}. */
  String text(int decimals) {
    String number = "%,." + decimals + "f";
    return String.format(
        Locale.ROOT, number + " (" + number + "–" + number + ")", median, min, max);
  }
}
