package dev.gatehouse.config;

import dev.gatehouse.config.GatehouseConfig.Tls;
import dev.gatehouse.seal.Secret;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How the app can tell that a request came through the gateway, and the gateway that it talks to
 * the app (TH-HDR-14). Standalone only. Immutable.
 *
 * @param secret a header field that only the gateway can write
 * @param certificate what the gateway shows in TLS
 * @param caBundle the authorities that vouch for the app, in the place of the JVM's
 * @param serverName the name in the targets' certificates, where it is not that of their address
 */
public record UpstreamTrust(
    Optional<SecretHeader> secret,
    Optional<Tls> certificate,
    Optional<Path> caBundle,
    Optional<String> serverName) {
  /** The app cannot tell. */
  public static final UpstreamTrust NONE =
      new UpstreamTrust(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public UpstreamTrust {
    Objects.requireNonNull(secret, "secret");
    Objects.requireNonNull(certificate, "certificate");
    Objects.requireNonNull(caBundle, "caBundle");
    Objects.requireNonNull(serverName, "serverName");
  }

  /** Whether the app can tell the gateway's requests from others. */
  public boolean isGuarded() {
    return secret.isPresent() || certificate.isPresent();
  }

  /** A header field whose value the gateway and the app share. */
  public record SecretHeader(String name, Secret value) {
    public SecretHeader {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(value, "value");
    }
  }
}
