package dev.gatehouse.cli;

import dev.gatehouse.ops.GatewayMetrics;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.LoggerFactory;

/**
 * Sets up on a second core what every start needs and no configuration changes, while the
 * configuration is read on the first.
 */
final class HeadStart implements AutoCloseable {
  private final CompletableFuture<GatewayMetrics> metrics = new CompletableFuture<>();

  private TrustManagerFactory authorities;

  private HeadStart() {}

  /** Begins; returns at once. */
  static HeadStart begin() {
    HeadStart start = new HeadStart();
    Thread thread = new Thread(start::run, "gatehouse-start");
    thread.setDaemon(true);
    thread.start();
    return start;
  }

  private void run() {
    // The first logger sets up the log.
    LoggerFactory.getILoggerFactory();
    try {
      GatewayMetrics all = new GatewayMetrics();
      all.watchProcess();
      metrics.complete(all);
    } catch (RuntimeException | Error bug) {
      metrics.completeExceptionally(bug);
    }
    parseAuthorities();
  }

  /** Java keeps the authorities that it has parsed for as long as somebody holds them. */
  private void parseAuthorities() {
    try {
      authorities = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      authorities.init((KeyStore) null);
    } catch (GeneralSecurityException e) {
      // Whoever needs them meets the same in its place, and tells.
      authorities = null;
    }
  }

  /** What counts for this process, of which it shows the needs too; {@link #close} ends it. */
  GatewayMetrics metrics() {
    return metrics.join();
  }

  /** Ends the counting. */
  @Override
  public void close() {
    metrics.thenAccept(GatewayMetrics::close);
  }
}
