package dev.gatehouse.bench.compare;

/**
 * A line of the table of goals.
 *
 * @param verdict for people: met, missed, or why nobody can tell
 */
record Goal(String measure, String goal, String result, String verdict) {
  static Goal atMost(String measure, double limit, String unit, Spread result, int decimals) {
    return new Goal(
        measure,
        "at most " + number(limit) + unit,
        result.text(decimals) + unit,
        verdict(result.median() <= limit));
  }

  static Goal atLeast(String measure, double limit, String unit, Spread result, int decimals) {
    return new Goal(
        measure,
        "at least " + number(limit) + unit,
        result.text(decimals) + unit,
        verdict(result.median() >= limit));
  }

  /** No goal, but something to hold one against. */
  static Goal beside(String measure, String unit, Spread result, int decimals) {
    return new Goal(measure, "", result.text(decimals) + unit, "for comparison");
  }

  /** The same, but nobody can tell whether it is met. */
  Goal unclear(String why) {
    return new Goal(measure, goal, result, "**cannot be told: " + why + "**");
  }

  private static String verdict(boolean met) {
    return met ? "met" : "**missed**";
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  String row() {
    return "| " + measure + " | " + goal + " | " + result + " | " + verdict + " |";
  }
}
