package dev.gatehouse.identity;

import dev.gatehouse.backchannel.OpThreads;
import dev.gatehouse.config.IdentityMapping.Assertion;
import dev.gatehouse.config.Provider.KeyFile;
import dev.gatehouse.keys.KeyRefusal;
import dev.gatehouse.keys.KeySet;
import dev.gatehouse.keys.OwnKey;
import dev.gatehouse.keys.Watched;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The keys that sign assertions for the app, as their file holds them now. A key that has been
 * replaced stays published until nobody can hold anything that it signed. Each is known by its
 * thumbprint (RFC 7638), so that it cannot be taken for a key that the OPs know. Safe for
 * concurrent use.
 */
public final class AssertionKeys implements AutoCloseable {
  /** Longer than an assertion lives and apps keep a JWK set that they have fetched. */
  static final Duration RETIREMENT = Duration.ofMinutes(15);

  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final String SETTING = "identity.assertion.key";

  private final Watched<KeySet> keys;
  private final Clock clock;
  private final Map<OwnKey, Long> retired = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor background = OpThreads.timer("gatehouse-assertions");
  private KeySet seen; // guarded by this

  private AssertionKeys(Watched<KeySet> keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
    this.seen = keys.last();
    background.scheduleWithFixedDelay(
        this::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Reads the key that {@code assertion} names, or makes one.
   *
   * @throws IllegalArgumentException when the file cannot be used; the reader of the configuration
   *     has said so before, unless the file has changed since
   */
  public static AssertionKeys open(Assertion assertion, Clock clock) {
    if (assertion.key().isEmpty()) {
      return new AssertionKeys(Watched.fixed(new KeySet(List.of(OwnKey.fresh()))), clock);
    }
    KeyFile file = assertion.key().get();
    try {
      return new AssertionKeys(
          Watched.open(SETTING, List.of(file.file()), contents -> read(file, contents.get(0))),
          clock);
    } catch (KeyRefusal refusal) {
      throw new IllegalArgumentException(
          SETTING + " stands in a file that " + refusal.getMessage());
    }
  }

  private static KeySet read(KeyFile file, byte[] contents) throws KeyRefusal {
    return new KeySet(
        file.signing(contents).keys().stream().map(OwnKey::namedByThumbprint).toList());
  }

  /** Looks whether the file holds another key. */
  public synchronized void look() {
    KeySet now = keys.current();
    long millis = clock.millis();
    if (now != seen) {
      seen.keys().forEach(key -> retired.put(key, millis + RETIREMENT.toMillis()));
      seen = now;
    }
    retired.values().removeIf(until -> until <= millis);
  }

  /** The key that signs, as seen last; never blocks. */
  OwnKey signing() {
    return keys.last().first();
  }

  /** The public halves as JWKs (RFC 7517 §4), the one that signs first; never blocks. */
  public List<Map<String, Object>> published() {
    return Stream.concat(keys.last().keys().stream(), retired.keySet().stream())
        .map(OwnKey::published)
        .distinct()
        .toList();
  }

  /** Runs {@code work} beside the requests; soon, or never when this is closed. */
  void later(Runnable work) {
    try {
      background.execute(work);
    } catch (RejectedExecutionException closed) {
      // The gateway stops: what has been signed is good for the requests that are left.
      return;
    }
  }

  /** Looks at no file and signs nothing in the background any more. */
  @Override
  public void close() {
    OpThreads.end(background);
  }
}
