package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.GatehouseConfig.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads which files hold certificates and keys, and looks whether they are what they should be. */
final class TlsSettings {
  private final Values values;
  private final SecretFiles secretFiles;
  private final Door door;

  TlsSettings(Values values, SecretFiles secretFiles, Door door) {
    this.values = values;
    this.secretFiles = secretFiles;
    this.door = door;
  }

  /** The standalone gateway's certificate and key; its files need not exist for the filter. */
  Optional<Tls> tls(
      Optional<PublicUrl> publicUrl, Optional<HostPort> listen, List<Cidr> trustedProxies) {
    if (!values.hasSection("tls")) {
      warnOfPlainListener(listen, trustedProxies);
      return Optional.empty();
    }
    values.required("tls.certificate");
    values.required("tls.private-key");
    Optional<Path> certificate = values.path("tls.certificate");
    Optional<Path> key = values.path("tls.private-key");
    if (publicUrl.isPresent() && !publicUrl.get().https()) {
      values.error("tls-mismatch", "tls", "is set, but public-url is http; write https there");
    }
    if (door == Door.STANDALONE) {
      certificate.ifPresent(file -> checkPem("tls.certificate", file, "CERTIFICATE"));
      key.ifPresent(file -> checkPem("tls.private-key", file, "PRIVATE KEY"));
      key.filter(Files::exists)
          .ifPresent(
              file ->
                  secretFiles.checkMode("tls.private-key", values.line("tls.private-key"), file));
    }
    return certificate.isPresent() && key.isPresent()
        ? Optional.of(new Tls(certificate.get(), key.get()))
        : Optional.empty();
  }

  /** Further certificate authorities for calls to the OP. */
  Optional<Path> caBundle() {
    Optional<Path> file = values.path("backchannel.ca-bundle");
    file.ifPresent(path -> checkPem("backchannel.ca-bundle", path, "CERTIFICATE"));
    return file;
  }

  /** Refuses a file without a certificate. */
  void checkBundle(String key, Path file) {
    checkPem(key, file, "CERTIFICATE");
  }

  private void warnOfPlainListener(Optional<HostPort> listen, List<Cidr> trustedProxies) {
    if (door == Door.STANDALONE
        && listen.isPresent()
        && !Loopback.isHost(listen.get().host())
        && trustedProxies.isEmpty()) {
      values.warn(
          "listen-plain-http",
          "listen",
          "takes plain HTTP from the network. Set tls, or name the proxy that ends TLS in"
              + " trusted-proxies, or listen on 127.0.0.1");
    }
  }

  private void checkPem(String key, Path file, String label) {
    if (!Files.exists(file)) {
      values.error("missing-file", key, "names " + file + ", which does not exist; create it");
      return;
    }
    try {
      String pem = new String(Files.readAllBytes(file), ISO_8859_1);
      if (!pem.contains("-----BEGIN " + label + "-----")) {
        values.error("bad-pem", key, "names " + file + ", which has no " + label + remedy(label));
      }
    } catch (IOException e) {
      values.error(
          "unreadable-file",
          key,
          "names " + file + ", which this user cannot read; check its mode");
    }
  }

  private static String remedy(String label) {
    return label.equals("CERTIFICATE")
        ? " in PEM form; convert it: openssl x509 -in FILE -out FILE.pem"
        : " in PEM form (PKCS#8, no password); convert it: openssl pkcs8 -topk8 -nocrypt -in FILE";
  }
}
