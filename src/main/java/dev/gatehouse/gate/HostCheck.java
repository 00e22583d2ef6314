package dev.gatehouse.gate;

import dev.gatehouse.config.PublicUrl;
import java.util.Objects;

/**
 * Only the public host name is served (TH-HTTP-6): a request for another was meant for somebody
 * else, or wants to be mistaken. Behind a trusted proxy its {@code X-Forwarded-Host} counts.
 * Immutable, safe for concurrent use.
 */
final class HostCheck {
  private final PublicUrl publicUrl;
  private final String withDefaultPort;
  private final ClientAddress clientAddress;

  HostCheck(PublicUrl publicUrl, ClientAddress clientAddress) {
    this.publicUrl = Objects.requireNonNull(publicUrl, "publicUrl");
    this.clientAddress = Objects.requireNonNull(clientAddress, "clientAddress");
    String authority = publicUrl.authority();
    boolean port = authority.lastIndexOf(':') > authority.lastIndexOf(']');
    this.withDefaultPort = port ? authority : authority + (publicUrl.https() ? ":443" : ":80");
  }

  boolean passes(ClientRequest request) {
    if (named(request.authority())) {
      return true;
    }
    return request.authority() != null
        && clientAddress.trustsPeer(request)
        && named(request.header("X-Forwarded-Host"));
  }

  private boolean named(String authority) {
    return authority != null
        && (authority.equalsIgnoreCase(publicUrl.authority())
            || authority.equalsIgnoreCase(withDefaultPort));
  }
}
