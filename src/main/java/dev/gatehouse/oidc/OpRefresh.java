package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpThreads;
import dev.gatehouse.jose.PinnedKeys;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads metadata and keys in the background: at the start, again after a failure, and every few
 * minutes, so that neither a login nor an OP that comes back has to wait.
 */
final class OpRefresh implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpRefresh.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(4);
  private static final Duration PERIOD = Duration.ofMinutes(5);

  private final Discovery discovery;
  private final PinnedKeys keys;
  private final Supplier<Deadline> deadline;
  private final ScheduledThreadPoolExecutor background = OpThreads.timer("gatehouse-op-refresh");

  OpRefresh(Discovery discovery, PinnedKeys keys, Supplier<Deadline> deadline) {
    this.discovery = discovery;
    this.keys = keys;
    this.deadline = deadline;
  }

  /** Begins; returns at once. */
  void start() {
    later(Duration.ZERO, this::readFirst, FIRST_RETRY);
  }

  // What a login has read in the meantime is not read once more.
  private boolean readFirst() {
    return discovery.discover(deadline.get()).isEmpty()
        && (keyless() || keys.load(deadline.get()).isEmpty());
  }

  private boolean readAgain() {
    return discovery.refresh(deadline.get()).isEmpty()
        && (keyless() || keys.refresh(deadline.get()).isEmpty());
  }

  private boolean keyless() {
    return discovery.metadata().flatMap(ProviderMetadata::jwksUri).isEmpty();
  }

  private void later(Duration delay, BooleanSupplier reading, Duration retry) {
    background.schedule(() -> run(reading, retry), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run(BooleanSupplier reading, Duration retry) {
    boolean good = false;
    try {
      good = reading.getAsBoolean();
    } catch (RuntimeException bug) {
      // What close() has cut off is no failure.
      if (!background.isShutdown()) {
        LOG.error("reading the OP's metadata and keys failed; it will be tried again", bug);
      }
    }
    if (background.isShutdown()) {
      return;
    }
    if (good) {
      later(PERIOD, this::readAgain, FIRST_RETRY);
    } else {
      Duration doubled = retry.multipliedBy(2);
      later(retry, reading, doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled);
    }
  }

  /** Interrupts what is under way and reads no more. */
  @Override
  public void close() {
    background.shutdownNow();
  }

  /** Waits a moment until what {@link #close} has interrupted has ended. */
  void awaitEnd() {
    OpThreads.end(background);
  }
}
