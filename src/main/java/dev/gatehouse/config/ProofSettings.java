package dev.gatehouse.config;

import dev.gatehouse.config.GatehouseConfig.Tls;
import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.config.Provider.KeyFile;
import dev.gatehouse.config.Provider.Proof;
import dev.gatehouse.keys.JwtSigner;
import dev.gatehouse.seal.Secret;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

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
  private static final Set<String> MACS = Set.of("HS256", "HS384", "HS512");

  private static final Predicate<String> IN_URL = Pattern.compile("(?i)query|url").asPredicate();

  private final Values values;
  private final SecretChecks secrets;
  private final KeyFileChecks keyFiles;
  private final String prefix;

  /**
   * @param prefix the section of the OP with a dot, such as {@code provider.}
   */
  ProofSettings(Values values, SecretChecks secrets, SecretFiles secretFiles, String prefix) {
    this.values = values;
    this.secrets = secrets;
    this.keyFiles = new KeyFileChecks(values, secretFiles, prefix);
    this.prefix = prefix;
  }

  /** The proof; empty where it is refused. */
  Optional<Proof> read() {
    if (values.text(prefix + "client-authentication").filter(IN_URL).isPresent()) {
      values.error(
          "secret-in-url",
          prefix + "client-authentication",
          "would put the secret into a URL, where it is logged and passed on (RFC 6749 §2.3.1);"
              + " write client-secret-basic or client-secret-post");
      return Optional.empty();
    }
    Optional<ClientAuthentication> method =
        values
            .choice(prefix + "client-authentication")
            .map(choice -> choice.toUpperCase(Locale.ROOT).replace('-', '_'))
            .map(ClientAuthentication::valueOf);
    Optional<Secret> secret = secret("client-secret");
    Optional<Path> secretFile = values.wholeFile(prefix + "client-secret");
    Optional<KeyFile> key = clientKey();
    Optional<Tls> certificate = certificate();
    boolean audienceIsTokenEndpoint =
        values
            .choice(prefix + "client-assertion-audience")
            .filter(choice -> choice.equals("token-endpoint"))
            .isPresent();
    boolean publicClient = values.flag(prefix + "public-client");
    method.ifPresent(word -> check(word, publicClient, secret));
    return method.map(
        word ->
            new Proof(word, secret, secretFile, mac(), key, audienceIsTokenEndpoint, certificate));
  }

  /** What {@code method} needs has to be there (TH-CFG-11). */
  private void check(ClientAuthentication method, boolean publicClient, Optional<Secret> secret) {
    if (BY_SECRET.contains(method)) {
      demand(
          "client-secret",
          "is missing: the gateway has to authenticate to the OP (RFC 6749 §2.3); write"
              + " ${file:/run/secrets/NAME}");
    } else if (method == ClientAuthentication.PRIVATE_KEY_JWT) {
      demand("client-key", "is missing: private-key-jwt signs with it; name the key's file");
    } else if (BY_CERTIFICATE.contains(method)) {
      demand("client-certificate", "is missing: it is what the OP knows this client by");
    } else {
      checkPublic(publicClient);
    }
    if (method == ClientAuthentication.CLIENT_SECRET_JWT) {
      secret
          .flatMap(text -> JwtSigner.tooShort(text, mac()))
          .ifPresent(
              message ->
                  values.error(
                      "weak-client-secret",
                      prefix + "client-secret",
                      message + " for client-secret-jwt (RFC 7518 §3.2); let the OP make another"));
    }
  }

  /** PKCE is all that protects a login then, so it cannot be off (TH-CFG-11, TH-QUIRK-14). */
  private void checkPublic(boolean publicClient) {
    String key = prefix + "public-client";
    if (!publicClient) {
      values.error(
          "client-auth-missing",
          prefix + "client-authentication",
          "is none, but a web deployment is a confidential client; write client-secret-basic, or"
              + " public-client: true if the OP gives no credentials");
    } else if (values.flag("strict")) {
      values.error(
          "public-client",
          key,
          "is true, which strict: true refuses: anybody can pose as this client at the OP; have the"
              + " OP register credentials, or an OP that does");
    } else {
      values.warn(
          "public-client",
          key,
          "is true: anybody can pose as this client at the OP; PKCE is all that protects a login");
    }
    if (values.choice(prefix + "pkce").filter("off"::equals).isPresent()) {
      values.error(
          "public-client",
          prefix + "pkce",
          "is off, but without client authentication PKCE is all that protects a login; write s256");
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

  private Optional<Secret> secret(String name) {
    String key = prefix + name;
    Optional<Scalar> scalar = values.scalar(key);
    return scalar.filter(s -> values.isSound(key)).flatMap(s -> secrets.check(key, s));
  }

  private boolean secretJwt() {
    return values
        .text(prefix + "client-authentication")
        .filter("client-secret-jwt"::equals)
        .isPresent();
  }

  private Optional<KeyFile> clientKey() {
    Optional<KeyFile> written = keyFile("client-key", values.text(prefix + "client-key-id"));
    written.ifPresent(key -> keyFiles.checkSigning("client-key", key));
    boolean byMac = secretJwt();
    Optional<String> algorithm = algorithm().filter(name -> !(byMac && MACS.contains(name)));
    if (written.isEmpty() && algorithm.isPresent()) {
      values.error(
          "key-algorithm",
          prefix + "client-key-algorithm",
          byMac
              ? "does not fit a client secret; write one of HS256, HS384, HS512"
              : "is set, but there is no client-key; name the key's file or remove this");
    }
    return written;
  }

  private Optional<String> algorithm() {
    return values.text(prefix + "client-key-algorithm");
  }

  // With client-secret-jwt the setting may be meant for the secret, or for a key beside it.
  private String mac() {
    return algorithm().filter(MACS::contains).orElse("HS256");
  }

  /** The key that opens what is encrypted for this client. */
  Optional<KeyFile> decryptionKey() {
    Optional<KeyFile> written = keyFile("decryption-key", Optional.empty());
    written.ifPresent(key -> keyFiles.checkOpening("decryption-key", key));
    return written;
  }

  /** The key that signs DPoP proofs (RFC 9449 §4.2). */
  Optional<KeyFile> dpopKey() {
    Optional<KeyFile> written = keyFile("dpop-key", Optional.empty());
    written.ifPresent(key -> keyFiles.checkSigning("dpop-key", key));
    return written;
  }

  private Optional<KeyFile> keyFile(String name, Optional<String> keyId) {
    Optional<Path> file = values.path(prefix + name);
    Optional<Secret> password = secret(name + "-password");
    Optional<String> algorithm =
        name.equals("client-key")
            ? algorithm().filter(word -> !(secretJwt() && MACS.contains(word)))
            : Optional.empty();
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
    Optional<Tls> both = certificate.flatMap(chain -> key.map(file -> new Tls(chain, file)));
    both.ifPresent(keyFiles::checkCertificate);
    return both;
  }
}
