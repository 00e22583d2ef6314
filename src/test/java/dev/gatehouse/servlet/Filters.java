package dev.gatehouse.servlet;

import dev.gatehouse.gate.Decider;
import jakarta.servlet.Filter;

/** Filters for tests of other packages. */
public final class Filters {
  private Filters() {}

  /** A filter that asks {@code decider} and reads no configuration. */
  public static Filter around(Decider decider) {
    return new GatehouseFilter(decider);
  }
}
