package dev.gatehouse.config;

import java.util.Objects;
import java.util.Optional;

/**
 * What the standalone gateway speaks where it listens. Immutable.
 *
 * @param http2 whether HTTP/2 is offered over TLS (ALPN); default true
 * @param h2c whether HTTP/2 is taken without TLS, from clients that know beforehand (RFC 9113
 *     §3.3); default false
 * @param proxyProtocol whether each connection begins with a PROXY header, in which a trusted proxy
 *     tells the client's address; default false
 * @param redirectFrom where plain HTTP is listened on to be sent to https; empty: nowhere
 */
public record Listener(
    boolean http2, boolean h2c, boolean proxyProtocol, Optional<HostPort> redirectFrom) {
  /** As where nothing is configured. */
  public static final Listener DEFAULT = new Listener(true, false, false, Optional.empty());

  public Listener {
    Objects.requireNonNull(redirectFrom, "redirectFrom");
  }
}
