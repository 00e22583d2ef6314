package dev.gatehouse.proxy;

import java.net.URI;

/**
 * One server that answers for the app; its origin comes from the configuration and from nothing
 * else (TH-HTTP-12). Safe for concurrent use.
 */
final class Target {
  private final UpstreamClient client;
  private final URI origin;

  Target(UpstreamClient client, URI origin) {
    this.client = client;
    this.origin = origin;
  }

  /** Scheme, host and port. */
  URI origin() {
    return origin;
  }

  /**
   * A request to this server, to be filled in.
   *
   * @param query null for none
   */
  UpstreamRequest request(String path, String query) {
    return new UpstreamRequest(client.http(), origin, path, query);
  }
}
