package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.config.GatehouseConfig.Tls;
import dev.gatehouse.config.UpstreamTrust.SecretHeader;
import dev.gatehouse.keys.ClientCertificate;
import dev.gatehouse.keys.KeyRefusal;
import dev.gatehouse.keys.Watched;
import dev.gatehouse.seal.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads how the standalone gateway and the app behind it know each other (TH-HDR-14). */
final class UpstreamSettings {
  private static final String SECRET = "upstream-secret";
  private static final String NAME = SECRET + ".header";
  private static final String VALUE = SECRET + ".value";
  private static final String TLS = "upstream-tls";
  private static final String CERTIFICATE = TLS + ".certificate";
  private static final String KEY = TLS + ".private-key";
  private static final String BUNDLE = TLS + ".ca-bundle";
  private static final String SERVER_NAME = TLS + ".server-name";
  private static final Pattern HOST_NAME =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9-]+)*");
  private static final int LEAST_BYTES = 16;

  private final Values values;
  private final SecretChecks secrets;
  private final SecretFiles secretFiles;
  private final IdentitySettings names;
  private final Door door;

  UpstreamSettings(
      Values values,
      SecretChecks secrets,
      SecretFiles secretFiles,
      IdentitySettings names,
      Door door) {
    this.values = values;
    this.secrets = secrets;
    this.secretFiles = secretFiles;
    this.names = names;
    this.door = door;
  }

  /** Nothing for the filter, which is in the app: its files need not exist. */
  UpstreamTrust read(Upstreams upstreams, IdentityMapping identity) {
    if (door != Door.STANDALONE) {
      return UpstreamTrust.NONE;
    }
    Optional<SecretHeader> secret = secret(identity);
    if (!values.hasSection(TLS)) {
      return new UpstreamTrust(secret, Optional.empty(), Optional.empty(), Optional.empty());
    }
    List<UpstreamTarget> plain =
        upstreams.targets().stream().filter(target -> !target.isTls()).toList();
    if (upstreams.targets().size() == 1 && !plain.isEmpty()) {
      values.error("tls-mismatch", TLS, "is set, but upstream is http; write https");
    } else if (plain.stream().anyMatch(target -> !target.isLocal())
        || !plain.isEmpty() && plain.size() == upstreams.targets().size()) {
      values.error(
          "tls-mismatch", TLS, "is set, but " + plain.get(0) + " is without TLS; write https");
    }
    return new UpstreamTrust(secret, certificate(), caBundle(), serverName());
  }

  private Optional<String> serverName() {
    Optional<String> name = values.text(SERVER_NAME);
    if (name.isPresent() && !HOST_NAME.matcher(name.get()).matches()) {
      values.error(
          "bad-value",
          SERVER_NAME,
          "is " + values.shown(SERVER_NAME) + "; write a host name, such as app.internal");
    }
    return name;
  }

  private Optional<SecretHeader> secret(IdentityMapping identity) {
    if (!values.hasSection(SECRET)) {
      return Optional.empty();
    }
    String name = values.text(NAME).orElseThrow();
    names.checkName(NAME, name);
    boolean taken =
        identity.headers().keySet().stream().anyMatch(other -> same(other, name))
            || identity.assertion().filter(other -> same(other.header(), name)).isPresent();
    if (taken) {
      values.error("header-name", NAME, "is " + name + ", which tells of the user; take another");
    }
    if (values.scalar(VALUE).isEmpty() && values.isSound(VALUE) && !values.isMisspelt(VALUE)) {
      values.error("missing-key", VALUE, "is missing; write ${file:/run/secrets/NAME}");
    }
    Optional<Secret> value =
        values
            .scalar(VALUE)
            .filter(scalar -> values.isSound(VALUE))
            .flatMap(scalar -> secrets.check(VALUE, scalar));
    value.ifPresent(this::checkValue);
    return value.map(secret -> new SecretHeader(name, secret));
  }

  private static boolean same(String one, String other) {
    return IdentitySettings.fold(one).equals(IdentitySettings.fold(other));
  }

  private void checkValue(Secret secret) {
    String value = secret.reveal();
    if (!value.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      values.error("bad-value", VALUE, "must be visible ASCII, which a header carries unchanged");
    } else if (value.getBytes(UTF_8).length < LEAST_BYTES) {
      values.error(
          "weak-secret",
          VALUE,
          "has fewer than " + LEAST_BYTES + " characters; make one: openssl rand -base64 32");
    }
  }

  private Optional<Tls> certificate() {
    Optional<Path> chain = values.path(CERTIFICATE);
    Optional<Path> key = values.path(KEY);
    if (chain.isPresent() != key.isPresent() && values.isSound(CERTIFICATE, KEY)) {
      values.error(
          "missing-key",
          chain.isPresent() ? KEY : CERTIFICATE,
          "is missing: a certificate and its private key are of use only together");
    }
    Optional<Tls> both = chain.flatMap(file -> key.map(other -> new Tls(file, other)));
    both.ifPresent(this::check);
    return both;
  }

  private void check(Tls files) {
    String at = KEY;
    Path file = files.privateKey();
    try {
      byte[] key = Watched.contents(file);
      secretFiles.checkMode(KEY, values.line(KEY), file);
      ClientCertificate.checkKey(key);
      at = CERTIFICATE;
      file = files.certificate();
      ClientCertificate.read(Watched.contents(file), key);
    } catch (KeyRefusal refusal) {
      values.error(refusal.code(), at, "names " + file + ", which " + refusal.getMessage());
    }
  }

  private Optional<Path> caBundle() {
    Optional<Path> file = values.path(BUNDLE);
    file.ifPresent(path -> new TlsSettings(values, secretFiles, door).checkBundle(BUNDLE, path));
    return file;
  }
}
