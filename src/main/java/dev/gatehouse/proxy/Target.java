package dev.gatehouse.proxy;

import dev.gatehouse.config.UpstreamTarget;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.Transport;

/**
 * One server that answers for the app; its address comes from the configuration and from nothing
 * else (TH-HTTP-12). A host name is looked up for each connection anew, and each of its addresses
 * is tried. Safe for concurrent use.
 */
final class Target {
  private final UpstreamClient client;
  private final UpstreamTarget address;
  private final Transport socket;
  private final TargetHealth health;

  /**
   * @param health null where nobody wants to know
   */
  Target(UpstreamClient client, UpstreamTarget address, TargetHealth health) {
    this.client = client;
    this.address = address;
    this.socket = address.socket().map(Transport.TCPUnix::new).orElse(null);
    this.health = health;
  }

  /** How well it is; null where nobody wants to know. */
  TargetHealth health() {
    return health;
  }

  /**
   * A request to this server, to be filled in.
   *
   * @param query null for none
   */
  UpstreamRequest request(String path, String query) {
    return request(client.http(), path, query);
  }

  /** As the other one, for the client at {@code from}. */
  UpstreamRequest request(EndPoint from, String path, String query) {
    return request(client.http(from), path, query);
  }

  private UpstreamRequest request(HttpClient http, String path, String query) {
    UpstreamRequest request = new UpstreamRequest(http, address.origin(), path, query);
    if (socket != null) {
      request.transport(socket);
    }
    return request;
  }

  /** As operators know it. */
  @Override
  public String toString() {
    return address.toString();
  }
}
