package dev.gatehouse.config;

import dev.gatehouse.config.GatehouseConfig.Backchannel;
import dev.gatehouse.config.GatehouseConfig.Limits;
import java.nio.file.Path;
import java.util.Optional;

/** Reads sizes and deadlines. */
final class LimitSettings {
  private final Values values;

  LimitSettings(Values values) {
    this.values = values;
  }

  /** Sizes and deadlines of the standalone gateway. */
  Limits limits() {
    return new Limits(
        (int) values.size("limits.max-head"),
        (int) values.size("limits.max-url"),
        values.number("limits.max-header-fields"),
        maxBody(),
        values.duration("limits.connect-timeout"),
        values.duration("limits.response-timeout"),
        values.duration("limits.idle-timeout"),
        values.duration("limits.head-timeout"),
        values.duration("limits.stop-timeout"),
        values.duration("limits.upstream-idle-timeout"),
        values.optionalDuration("limits.request-timeout"),
        new Limits.Pace(
            values.size("limits.min-body-rate"), values.duration("limits.min-body-rate-grace")),
        new Limits.Tunnels(
            values.duration("limits.tunnel-idle-timeout"),
            values.duration("limits.tunnel-recheck")),
        new Limits.Connections(
            values.number("limits.max-connections"),
            values.number("limits.max-connections-per-address"),
            values.number("limits.max-requests-per-connection")),
        values.duration("limits.stop-delay"));
  }

  private long maxBody() {
    return values.text("limits.max-body").orElse("").equals("none")
        ? -1
        : values.size("limits.max-body");
  }

  /** Deadlines and trust of calls to the OP. */
  Backchannel backchannel(Optional<Path> caBundle) {
    return new Backchannel(
        values.duration("backchannel.connect-timeout"),
        values.duration("backchannel.read-timeout"),
        values.duration("backchannel.deadline"),
        values.number("backchannel.threads"),
        values.number("backchannel.queue"),
        caBundle,
        values.flag("backchannel.allow-private-addresses"));
  }
}
