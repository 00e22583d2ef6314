package dev.gatehouse.bench.compare;

/** A line of the table of goals. */
record Goal(String measure, String goal, String result, boolean met) {
  static Goal atMost(String measure, double limit, String unit, Spread result, int decimals) {
    return new Goal(
        measure,
        "at most " + number(limit) + unit,
        result.text(decimals) + unit,
        result.median() <= limit);
  }

  static Goal atLeast(String measure, double limit, String unit, Spread result, int decimals) {
    return new Goal(
        measure,
        "at least " + number(limit) + unit,
        result.text(decimals) + unit,
        result.median() >= limit);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  String row() {
    return "| "
        + measure
        + " | "
        + goal
        + " | "
        + result
        + " | "
        + (met ? "met" : "**missed**")
        + " |";
  }
}
