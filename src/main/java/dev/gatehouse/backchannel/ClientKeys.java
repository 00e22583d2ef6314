package dev.gatehouse.backchannel;

import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.config.Provider.KeyFile;
import dev.gatehouse.config.Provider.Proof;
import dev.gatehouse.config.SecretText;
import dev.gatehouse.keys.ClientCertificate;
import dev.gatehouse.keys.JwtSigner;
import dev.gatehouse.keys.KeyRefusal;
import dev.gatehouse.keys.KeySet;
import dev.gatehouse.keys.OwnKey;
import dev.gatehouse.keys.Watched;
import dev.gatehouse.seal.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The secret, the keys and the certificate of one registration, as their files hold them now: each
 * call to the OP uses what is there when it begins, and every few seconds somebody looks, so that a
 * new key is published before it is used. Safe for concurrent use.
 */
public final class ClientKeys implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final Optional<Watched<Secret>> secret;
  private final Optional<Watched<KeySet>> signing;
  private final Optional<Watched<KeySet>> decryption;
  private final Optional<Watched<ClientCertificate>> certificate;
  private final Optional<ScheduledThreadPoolExecutor> background;

  private ClientKeys(Provider provider, String prefix) throws KeyRefusal {
    Proof proof = provider.proof();
    this.secret = proof.secret().map(first -> secret(first, provider, prefix));
    this.signing =
        proof.key().isPresent()
            ? Optional.of(keys(prefix + "client-key", proof.key().get(), KeyFile::signing))
            : Optional.empty();
    Optional<KeyFile> opening = provider.tokens().decryptionKey();
    this.decryption =
        opening.isPresent()
            ? Optional.of(keys(prefix + "decryption-key", opening.get(), KeyFile::opening))
            : Optional.empty();
    this.certificate =
        proof.certificate().isPresent()
            ? Optional.of(
                Watched.open(
                    prefix + "client-certificate",
                    List.of(
                        proof.certificate().get().certificate(),
                        proof.certificate().get().privateKey()),
                    files -> ClientCertificate.read(files.get(0), files.get(1))))
            : Optional.empty();
    this.background = watched().isEmpty() ? Optional.empty() : Optional.of(looking());
  }

  private interface Reading {
    KeySet read(KeyFile file, byte[] contents) throws KeyRefusal;
  }

  private static Watched<Secret> secret(Secret first, Provider provider, String prefix) {
    return provider
        .proof()
        .secretFile()
        .map(
            file ->
                Watched.from(
                    first,
                    prefix + "client-secret",
                    List.of(file),
                    contents -> secret(contents.get(0), provider)))
        .orElseGet(() -> Watched.fixed(first));
  }

  private static Secret secret(byte[] contents, Provider provider) throws KeyRefusal {
    Secret secret = SecretText.secret(contents);
    Proof proof = provider.proof();
    Optional<String> flaw =
        proof.method() == ClientAuthentication.CLIENT_SECRET_JWT
            ? JwtSigner.tooShort(secret, proof.macAlgorithm())
            : Optional.empty();
    // The key of ID tokens is to be as long after a change as it had to be before (TH-IDT-2).
    if (flaw.isEmpty() && provider.tokens().signingAlgorithms().contains("HS256")) {
      flaw = JwtSigner.tooShort(secret, "HS256");
    }
    if (flaw.isPresent()) {
      throw new KeyRefusal("weak-client-secret", flaw.get());
    }
    return secret;
  }

  private static Watched<KeySet> keys(String setting, KeyFile file, Reading reading)
      throws KeyRefusal {
    return Watched.open(
        setting, List.of(file.file()), contents -> reading.read(file, contents.get(0)));
  }

  private ScheduledThreadPoolExecutor looking() {
    ScheduledThreadPoolExecutor timer = OpThreads.timer("gatehouse-key-files");
    timer.scheduleWithFixedDelay(
        () -> watched().forEach(Watched::look),
        PERIOD.toMillis(),
        PERIOD.toMillis(),
        TimeUnit.MILLISECONDS);
    return timer;
  }

  private List<Watched<?>> watched() {
    List<Watched<?>> all = new ArrayList<>();
    Stream.of(secret, signing, decryption, certificate).forEach(one -> one.ifPresent(all::add));
    return all;
  }

  /**
   * Reads the keys of the registration that {@code provider} names.
   *
   * @throws IllegalArgumentException when a file cannot be used; the reader of the configuration
   *     has said so before, unless the file has changed since
   */
  public static ClientKeys open(Provider provider) {
    String prefix =
        provider.name().equals(Provider.SINGLE)
            ? "provider."
            : "providers." + provider.name() + ".";
    try {
      return new ClientKeys(provider, prefix);
    } catch (KeyRefusal refusal) {
      throw new IllegalArgumentException(
          "a key of " + prefix + "… stands in a file that " + refusal.getMessage());
    }
  }

  /** The client secret. Reads its file. */
  public Optional<Secret> secret() {
    return secret.map(Watched::current);
  }

  /** The client secret as it was seen last; for blotting it out of a log. */
  Optional<Secret> lastSecret() {
    return secret.map(Watched::last);
  }

  /** The keys that sign; the first one does. Reads their file. */
  public Optional<KeySet> signing() {
    return signing.map(Watched::current);
  }

  /** The keys that sign, as seen last; never blocks, for work on the thread of a request. */
  public Optional<KeySet> lastSigning() {
    return signing.map(Watched::last);
  }

  /** The keys that decrypt what the OP encrypted for this client. Reads their file. */
  public Optional<KeySet> decryption() {
    return decryption.map(Watched::current);
  }

  /** The certificate that is shown in TLS (RFC 8705). Reads its file. */
  public Optional<ClientCertificate> certificate() {
    return certificate.map(Watched::current);
  }

  /** The public halves of all keys as JWKs (RFC 7517 §4), as seen last; never blocks. */
  public List<Map<String, Object>> published() {
    return Stream.of(signing, decryption)
        .flatMap(Optional::stream)
        .flatMap(watched -> watched.last().keys().stream())
        .map(OwnKey::published)
        .toList();
  }

  /** Looks at no file any more. */
  @Override
  public void close() {
    background.ifPresent(OpThreads::end);
  }
}
