package dev.gatehouse.testkit;

import dev.gatehouse.proxy.GatewayServer;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** The standalone gateway within the test's own process. */
final class ProxyDoor implements OpenDoor {
  private final GatewayServer server;

  private ProxyDoor(GatewayServer server) {
    this.server = server;
  }

  static OpenDoor open(Surroundings around) {
    try {
      GatewayServer server = GatewayServer.open(around.config(), around.gate(), around.metrics());
      server.start();
      return new ProxyDoor(server);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int port() {
    return server.address().port();
  }

  @Override
  public void close() {
    server.close();
  }
}
