package dev.gatehouse.testkit;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.Gate;
import dev.gatehouse.ops.GatewayMetrics;

/**
 * What a door stands between.
 *
 * @param config what the gateway was told
 * @param gate the engine, already open; the door closes it
 * @param metrics what counts for that engine
 * @param app what is protected; the proxy door reaches it through {@code config}'s upstream
 * @param port where the containers listen; 0 for a free one. The proxy door reads it from {@code
 *     config}
 */
record Surroundings(GatehouseConfig config, Gate gate, GatewayMetrics metrics, App app, int port) {
  /** Where the app lives on its host: the context path of a web application. */
  String basePath() {
    return config.publicUrl().basePath();
  }
}
