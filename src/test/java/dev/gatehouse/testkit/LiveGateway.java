package dev.gatehouse.testkit;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.Gate;
import dev.gatehouse.ops.GatewayMetrics;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.UnaryOperator;

/** A gateway for real browsers and real OPs: at a URL that can be typed, in real time. */
public final class LiveGateway implements AutoCloseable {
  private final App app = new App();
  private final WireApp upstream = new WireApp(app);

  /** The public URL has to be known before anything listens. */
  private final HeldPort port = HeldPort.take();

  private final Gate gate;
  private final OpenDoor door;

  private LiveGateway(DoorKind kind, String issuer, UnaryOperator<String> changes) {
    String yaml =
        Configuration.text(
            url(), upstream.url(), issuer, kind.configuration(), changes.apply(url()));
    GatehouseConfig config = Configuration.read(yaml, kind.door());
    gate = Gate.open(config, Clock.systemUTC(), new SecureRandom());
    door = kind.open(new Surroundings(config, gate, new GatewayMetrics(), app, port.number()));
  }

  /** Opens a gateway before the OP with that issuer; {@code changes} are laid over a plain YAML. */
  public static LiveGateway open(DoorKind kind, String issuer, String changes) {
    return new LiveGateway(kind, issuer, url -> changes);
  }

  /** The same where the changes depend on the URL, as when a client is registered for it first. */
  public static LiveGateway open(DoorKind kind, String issuer, UnaryOperator<String> changes) {
    return new LiveGateway(kind, issuer, changes);
  }

  /** What browsers type. */
  public String url() {
    return port.uri().toString();
  }

  /** A browser that has never been here. */
  public Browser browser() {
    return new Browser(url(), port.number());
  }

  /** What is protected. */
  public App app() {
    return app;
  }

  @Override
  public void close() {
    door.close();
    gate.close();
    upstream.close();
    port.close();
  }
}
