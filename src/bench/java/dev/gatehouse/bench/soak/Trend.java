package dev.gatehouse.bench.soak;

import java.util.List;

/**
 * Whether a measured quantity grows: the slope of the line that fits best (least squares), as
 * growth over the whole time, held against its mean.
 *
 * @param growth how much more at the end than at the start, by that line
 * @param mean of all samples
 */
record Trend(double growth, double mean) {
  static Trend of(List<Double> samples) {
    int n = samples.size();
    double meanAt = (n - 1) / 2.0;
    double mean = samples.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < n; i++) {
      covariance += (i - meanAt) * (samples.get(i) - mean);
      variance += (i - meanAt) * (i - meanAt);
    }
    return new Trend(variance == 0 ? 0 : covariance / variance * (n - 1), mean);
  }

  /** Whether it grows by no more than that share of its mean, or by that much at all. */
  boolean flat(double share, double atAll) {
    return growth <= Math.max(mean * share, atAll);
  }
}
