package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.keys.KeyRefusal;
import dev.gatehouse.keys.Watched;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate for TLS and its key, followed when their files change: new handshakes use the new
 * pair, connections that are open go on with the old one. Files are compared by content, so that it
 * does not matter whether they were written over, renamed or linked anew. A pair that does not fit
 * together, is no longer or not yet valid, or cannot be read is warned of, and the last good one
 * stays. Safe for concurrent use.
 */
final class FollowedCertificate {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedCertificate.class);
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final String setting;
  private final SslContextFactory context;
  private final Watched<KeyStore> watched;
  private KeyStore used; // guarded by this
  private volatile boolean ended;

  /**
   * Reads the files and sets up {@code context} with them.
   *
   * @param section the settings that name the files, for the log
   * @throws IOException when a file cannot be read
   * @throws GeneralSecurityException when they are not what they should be
   */
  FollowedCertificate(String section, GatehouseConfig.Tls files, SslContextFactory context)
      throws IOException, GeneralSecurityException {
    this.setting =
        section
            + " (certificate "
            + files.certificate()
            + ", private-key "
            + files.privateKey()
            + ")";
    this.context = context;
    this.used = PemKeyStore.read(files.certificate(), files.privateKey());
    this.watched =
        Watched.from(
            used,
            setting,
            List.of(files.certificate(), files.privateKey()),
            contents -> read(files, contents));
    context.setKeyStore(used);
    context.setKeyStorePassword(PemKeyStore.PASSWORD);
  }

  private static KeyStore read(GatehouseConfig.Tls files, List<byte[]> contents) throws KeyRefusal {
    try {
      KeyStore pair =
          PemKeyStore.of(files.certificate(), contents.get(0), files.privateKey(), contents.get(1));
      ((X509Certificate) pair.getCertificate(PemKeyStore.ALIAS)).checkValidity();
      return pair;
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      throw new KeyRefusal(
          "certificate-dates",
          "holds in "
              + files.certificate()
              + " a certificate that is not valid today; write one that is");
    } catch (GeneralSecurityException | IOException e) {
      throw new KeyRefusal(
          "bad-pair", "does not hold a pair: " + e.getMessage() + "; write both files anew");
    }
  }

  /** Looks at the files now and then, on a thread that may wait for a disk. */
  void follow(Scheduler timers, Executor threads) {
    timers.schedule(
        () -> {
          if (!ended) {
            threads.execute(() -> lookAndGoOn(timers, threads));
          }
        },
        PERIOD.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private void lookAndGoOn(Scheduler timers, Executor threads) {
    if (ended) {
      return;
    }
    try {
      look();
    } finally {
      follow(timers, threads);
    }
  }

  /** Looks no more. */
  void end() {
    ended = true;
  }

  /** Takes over what the files hold now. */
  synchronized void look() {
    KeyStore now = watched.current();
    if (now == used) {
      return;
    }
    try {
      context.reload(changed -> changed.setKeyStore(now));
      used = now;
    } catch (Exception e) { // Jetty's signature; what failed here must not end TLS
      LOG.error("{}: the new pair cannot be used; the last one stays in use", setting, e);
      restore();
    }
  }

  private void restore() {
    try {
      context.reload(changed -> changed.setKeyStore(used));
    } catch (Exception e) { // as above
      LOG.error("{}: nor can the last one; restart the gateway", setting, e);
    }
  }
}
