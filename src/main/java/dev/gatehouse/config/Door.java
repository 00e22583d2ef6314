package dev.gatehouse.config;

/** Which door reads the configuration: settings of the other one are left alone. */
public enum Door {
  /** The standalone gateway: needs {@code listen} and {@code upstream}. */
  STANDALONE,
  /** The servlet filter: the container listens and the app is already there. */
  FILTER
}
