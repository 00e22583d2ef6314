package dev.gatehouse.backchannel;

import dev.gatehouse.keys.ClientCertificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;

/**
 * The HTTP client with the certificate of the moment. A new certificate gets a client of its own,
 * for connections and resumed TLS sessions would go on showing the old one; calls under way end on
 * theirs. Safe for concurrent use.
 */
final class OpHttpInUse implements AutoCloseable {
  private final Supplier<Optional<ClientCertificate>> certificates;
  private final Function<Optional<ClientCertificate>, CloseableHttpClient> clients;
  private final ScheduledThreadPoolExecutor timer;
  private final Duration longestCall;
  private final Set<CloseableHttpClient> retired = ConcurrentHashMap.newKeySet();
  private Optional<ClientCertificate> certificate; // guarded by this
  private CloseableHttpClient client; // guarded by this

  /**
   * @param certificates what is to be shown now; the same instance as long as it does not change
   * @param longestCall after which no call of an earlier client can be under way
   */
  OpHttpInUse(
      Supplier<Optional<ClientCertificate>> certificates,
      Function<Optional<ClientCertificate>, CloseableHttpClient> clients,
      ScheduledThreadPoolExecutor timer,
      Duration longestCall) {
    this.certificates = certificates;
    this.clients = clients;
    this.timer = timer;
    this.longestCall = longestCall;
    this.certificate = certificates.get();
    this.client = clients.apply(certificate);
  }

  /** The client for a call that begins now. */
  synchronized CloseableHttpClient client() {
    Optional<ClientCertificate> now = certificates.get();
    if (now.orElse(null) != certificate.orElse(null)) {
      CloseableHttpClient fresh = clients.apply(now);
      retire(client);
      client = fresh;
      certificate = now;
    }
    return client;
  }

  private void retire(CloseableHttpClient old) {
    retired.add(old);
    timer.schedule(
        () -> {
          old.close(CloseMode.IMMEDIATE);
          retired.remove(old);
        },
        longestCall.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** Breaks off what is under way. */
  @Override
  public synchronized void close() {
    client.close(CloseMode.IMMEDIATE);
    retired.forEach(old -> old.close(CloseMode.IMMEDIATE));
  }
}
