package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig.Limits;
import java.time.Duration;
import java.util.Optional;

/** Limits with some of them changed; the others stay as they were. */
final class ChangedLimits {
  private int maxHead;
  private int maxUrl;
  private int maxFields;
  private long maxBody;
  private final Duration connectTimeout;
  private Duration responseTimeout;
  private Duration idleTimeout;
  private Duration headTimeout;
  private Duration stopTimeout;
  private Duration upstreamIdleTimeout;
  private Optional<Duration> requestTimeout;
  private Limits.Pace pace;
  private Limits.Tunnels tunnels;
  private Limits.Connections connections;
  private Duration stopDelay;

  private ChangedLimits(Limits all) {
    maxHead = all.maxHeadBytes();
    maxUrl = all.maxUrlBytes();
    maxFields = all.maxHeaderFields();
    maxBody = all.maxBodyBytes();
    connectTimeout = all.connectTimeout();
    responseTimeout = all.responseTimeout();
    idleTimeout = all.idleTimeout();
    headTimeout = all.headTimeout();
    stopTimeout = all.stopTimeout();
    upstreamIdleTimeout = all.upstreamIdleTimeout();
    requestTimeout = all.requestTimeout();
    pace = all.pace();
    tunnels = all.tunnels();
    connections = all.connections();
    stopDelay = all.stopDelay();
  }

  /** Begins with {@code all}. */
  static ChangedLimits of(Limits all) {
    return new ChangedLimits(all);
  }

  /** Begins with those of most tests. */
  static ChangedLimits of() {
    return of(Door.LIMITS);
  }

  /** Bytes of a head, of the target in it, and how many fields it has. */
  ChangedLimits head(int bytes, int url, int fields) {
    maxHead = bytes;
    maxUrl = url;
    maxFields = fields;
    return this;
  }

  ChangedLimits body(long bytes) {
    maxBody = bytes;
    return this;
  }

  /** How long the app may be silent before its answer, and within. */
  ChangedLimits silence(Duration before, Duration within) {
    responseTimeout = before;
    upstreamIdleTimeout = within;
    return this;
  }

  /** Of clients' connections, WebSockets among them. */
  ChangedLimits idle(Duration timeout) {
    idleTimeout = timeout;
    tunnels = new Limits.Tunnels(timeout, tunnels.recheck());
    return this;
  }

  ChangedLimits headTimeout(Duration timeout) {
    headTimeout = timeout;
    return this;
  }

  ChangedLimits stop(Duration delay, Duration timeout) {
    stopDelay = delay;
    stopTimeout = timeout;
    return this;
  }

  /** For the whole of a request. */
  ChangedLimits inAll(Duration timeout) {
    requestTimeout = Optional.of(timeout);
    return this;
  }

  ChangedLimits pace(Limits.Pace changed) {
    pace = changed;
    return this;
  }

  ChangedLimits tunnels(Limits.Tunnels changed) {
    tunnels = changed;
    return this;
  }

  ChangedLimits connections(Limits.Connections changed) {
    connections = changed;
    return this;
  }

  Limits limits() {
    return new Limits(
        maxHead,
        maxUrl,
        maxFields,
        maxBody,
        connectTimeout,
        responseTimeout,
        idleTimeout,
        headTimeout,
        stopTimeout,
        upstreamIdleTimeout,
        requestTimeout,
        pace,
        tunnels,
        connections,
        stopDelay);
  }
}
