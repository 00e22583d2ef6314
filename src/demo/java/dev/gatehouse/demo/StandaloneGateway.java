package dev.gatehouse.demo;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.Door;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.Gate;
import dev.gatehouse.ops.GatewayMetrics;
import dev.gatehouse.proxy.GatewayServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;

/** The standalone gateway, in this process. */
final class StandaloneGateway implements Closeable {
  private final Gate gate;
  private final GatewayServer server;

  private StandaloneGateway(Gate gate, GatewayServer server) {
    this.gate = gate;
    this.server = server;
  }

  /**
   * Starts a gateway. The environment is not looked at, so that what is set there for another
   * installation does not change the demo.
   *
   * @param yaml its configuration
   * @param base the directory that paths in it are relative to
   */
  static StandaloneGateway start(String yaml, Path base) throws IOException, DemoFailure {
    Gate gate = null;
    try {
      GatehouseConfig config = ConfigReader.read(yaml, base, Map.of(), Door.STANDALONE).config();
      GatewayMetrics metrics = new GatewayMetrics();
      gate = Gate.open(config, Clock.systemUTC(), new SecureRandom(), metrics);
      metrics.watch(gate);
      GatewayServer server = GatewayServer.open(config, gate, metrics);
      server.start();
      return new StandaloneGateway(gate, server);
    } catch (ConfigException | GeneralSecurityException | IOException e) {
      if (gate != null) {
        gate.close();
      }
      throw new DemoFailure("The gateway does not start: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    server.close();
    gate.close();
  }
}
