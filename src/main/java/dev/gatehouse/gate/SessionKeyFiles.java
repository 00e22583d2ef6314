package dev.gatehouse.gate;

import dev.gatehouse.backchannel.OpThreads;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.SecretText;
import dev.gatehouse.keys.KeyRefusal;
import dev.gatehouse.keys.Watched;
import dev.gatehouse.seal.SealingKeys;
import dev.gatehouse.seal.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks every few seconds whether the files of {@code session.keys} hold others: a cookie is opened
 * on every request, which must not read a file. Safe for concurrent use.
 */
final class SessionKeyFiles implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final Optional<ScheduledThreadPoolExecutor> timer;

  private SessionKeyFiles(Optional<ScheduledThreadPoolExecutor> timer) {
    this.timer = timer;
  }

  /** Watches the files from which keys of {@code session} come; {@code keys} follow them. */
  static SessionKeyFiles watch(GatehouseConfig.Session session, SealingKeys keys) {
    List<Path> files = session.keyFiles().stream().flatMap(Optional::stream).toList();
    if (files.isEmpty()) {
      return new SessionKeyFiles(Optional.empty());
    }
    Watched<List<Secret>> watched =
        Watched.from(session.keys(), "session.keys", files, contents -> read(session, contents));
    ScheduledThreadPoolExecutor timer = OpThreads.timer("gatehouse-session-keys");
    timer.scheduleWithFixedDelay(
        () -> follow(watched, keys), PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    return new SessionKeyFiles(Optional.of(timer));
  }

  private static void follow(Watched<List<Secret>> watched, SealingKeys keys) {
    List<Secret> before = watched.last();
    List<Secret> now = watched.current();
    if (!now.equals(before)) {
      keys.replace(now);
    }
  }

  // Keys that stand in no file of their own stay as they are, in their places.
  private static List<Secret> read(GatehouseConfig.Session session, List<byte[]> contents)
      throws KeyRefusal {
    List<Secret> keys = new ArrayList<>();
    int next = 0;
    for (int place = 0; place < session.keys().size(); place++) {
      boolean file = session.keyFiles().get(place).isPresent();
      keys.add(file ? SecretText.sessionKey(contents.get(next++)) : session.keys().get(place));
    }
    return List.copyOf(keys);
  }

  /** Looks no more. */
  @Override
  public void close() {
    timer.ifPresent(OpThreads::end);
  }
}
