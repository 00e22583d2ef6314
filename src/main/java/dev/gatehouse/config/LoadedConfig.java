package dev.gatehouse.config;

import java.util.List;
import java.util.Objects;

/**
 * A configuration that holds, and what is doubtful about it. Immutable.
 *
 * @param config the checked configuration
 * @param warnings what the log says at every start, in the order of the file
 */
public record LoadedConfig(GatehouseConfig config, List<ConfigProblem> warnings) {
  public LoadedConfig {
    Objects.requireNonNull(config, "config");
    warnings = List.copyOf(warnings);
  }
}
