package dev.gatehouse.config;

import dev.gatehouse.config.GatehouseConfig.Tls;
import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.config.Provider.KeyFile;
import dev.gatehouse.config.Provider.Proof;
import dev.gatehouse.seal.Secret;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads how this client proves itself to one OP. */
final class ProofSettings {
  private static final Set<ClientAuthentication> BY_SECRET =
      Set.of(
          ClientAuthentication.CLIENT_SECRET_BASIC,
          ClientAuthentication.CLIENT_SECRET_POST,
          ClientAuthentication.CLIENT_SECRET_JWT);
  private static final Set<ClientAuthentication> BY_CERTIFICATE =
      Set.of(
          ClientAuthentication.TLS_CLIENT_AUTH, ClientAuthentication.SELF_SIGNED_TLS_CLIENT_AUTH);

  private final Values values;
  private final SecretChecks secrets;
  private final String prefix;

  /**
   * @param prefix the section of the OP with a dot, such as {@code provider.}
   */
  ProofSettings(Values values, SecretChecks secrets, String prefix) {
    this.values = values;
    this.secrets = secrets;
    this.prefix = prefix;
  }

  /** The proof; empty where it is refused. */
  Optional<Proof> read() {
    Optional<ClientAuthentication> method =
        values
            .choice(prefix + "client-authentication")
            .map(choice -> choice.toUpperCase(Locale.ROOT).replace('-', '_'))
            .map(ClientAuthentication::valueOf);
    Optional<Secret> secret = secret();
    Optional<KeyFile> key = keyFile("client-key");
    Optional<Tls> certificate = certificate();
    boolean audienceIsTokenEndpoint =
        values
            .choice(prefix + "client-assertion-audience")
            .filter(choice -> choice.equals("token-endpoint"))
            .isPresent();
    boolean publicClient = values.flag(prefix + "public-client");
    method.ifPresent(word -> check(word, publicClient));
    return method.map(word -> new Proof(word, secret, key, audienceIsTokenEndpoint, certificate));
  }

  /** What {@code method} needs has to be there (TH-CFG-11). */
  private void check(ClientAuthentication method, boolean publicClient) {
    if (BY_SECRET.contains(method)) {
      demand(
          "client-secret",
          "is missing: the gateway has to authenticate to the OP (RFC 6749 §2.3); write"
              + " ${file:/run/secrets/NAME}");
    } else if (method == ClientAuthentication.PRIVATE_KEY_JWT) {
      demand("client-key", "is missing: private-key-jwt signs with it; name the key's file");
    } else if (BY_CERTIFICATE.contains(method)) {
      demand("client-certificate", "is missing: it is what the OP knows this client by");
    } else if (!publicClient) {
      values.error(
          "client-auth-missing",
          prefix + "client-authentication",
          "is none, but a web deployment is a confidential client; write client-secret-basic, or"
              + " public-client: true if the OP gives no credentials");
    }
    if (publicClient && method == ClientAuthentication.NONE) {
      values.warn(
          "public-client",
          prefix + "public-client",
          "is true: anybody can pose as this client at the OP; PKCE is all that protects a login");
    }
  }

  private void demand(String name, String message) {
    String key = prefix + name;
    if (values.scalar(key).isEmpty()
        && values.isSound(key, prefix + "client-authentication")
        && !values.isMisspelt(key)) {
      values.error("client-auth-missing", key, message);
    }
  }

  private Optional<Secret> secret() {
    return secret("client-secret");
  }

  private Optional<Secret> secret(String name) {
    String key = prefix + name;
    Optional<Scalar> scalar = values.scalar(key);
    return scalar.filter(s -> values.isSound(key)).flatMap(s -> secrets.check(key, s));
  }

  /** The key in the file that {@code name} names, with its password in {@code NAME-password}. */
  Optional<KeyFile> keyFile(String name) {
    Optional<Path> file = values.path(prefix + name);
    boolean signs = name.equals("client-key");
    Optional<Secret> password = secret(name + "-password");
    Optional<String> keyId = signs ? values.text(prefix + "client-key-id") : Optional.empty();
    Optional<String> algorithm =
        signs ? values.text(prefix + "client-key-algorithm") : Optional.empty();
    return file.map(path -> new KeyFile(path, password, keyId, algorithm));
  }

  private Optional<Tls> certificate() {
    Optional<Path> certificate = values.path(prefix + "client-certificate");
    Optional<Path> key = values.path(prefix + "client-certificate-key");
    if (certificate.isPresent() && key.isEmpty()) {
      values.error(
          "missing-key",
          prefix + "client-certificate-key",
          "is missing: client-certificate is of no use without its private key");
    }
    return certificate.flatMap(chain -> key.map(file -> new Tls(chain, file)));
  }
}
