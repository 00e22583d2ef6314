package dev.gatehouse.config;

/** An address to listen on; port 0 takes a free one. */
public record HostPort(String host, int port) {
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
