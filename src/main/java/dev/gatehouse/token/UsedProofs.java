package dev.gatehouse.token;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The DPoP proofs that have been used, for as long as they could be used again (RFC 9449 §11.1).
 * Nothing is dropped before its time: who fills his share, or all of it, is refused, so that no
 * flood makes room for a replay. Only proofs that were good for a good token get here at all. Safe
 * for concurrent use.
 */
final class UsedProofs {
  /** How many proofs of one key are remembered for one span; some 330 a second. */
  static final int MAX_PER_KEY = 10_000;

  private static final int MAX_PER_SPAN = 100_000;

  /** Proofs are forgotten by spans of time, not one by one. */
  private static final Duration SPAN = Duration.ofSeconds(30);

  private final Clock clock;
  private final Map<Long, Span> spans = new ConcurrentHashMap<>();

  UsedProofs(Clock clock) {
    this.clock = clock;
  }

  /** What is to be done with a proof. */
  enum Use {
    FIRST,
    REPEATED,
    NO_ROOM
  }

  /**
   * Notes that a proof is used.
   *
   * @param key the thumbprint of the key that signed it
   * @param id its {@code jti}
   * @param until from when on it is refused for its age
   */
  Use note(String key, String id, Instant until) {
    // One span longer than needed: a signature takes its time to check, so that a proof that was
    // young enough before may be none any more here.
    long oldest = clock.instant().getEpochSecond() / SPAN.toSeconds() - 1;
    spans.keySet().removeIf(span -> span < oldest);
    return spans
        .computeIfAbsent(until.getEpochSecond() / SPAN.toSeconds(), span -> new Span())
        .note(key, TokenHash.of(id, 0));
  }

  /** The proofs that go out of date in one span, by their keys. */
  private static final class Span {
    private final Map<String, Set<TokenHash>> byKey = new ConcurrentHashMap<>();
    private final AtomicInteger all = new AtomicInteger();

    Use note(String key, TokenHash id) {
      Set<TokenHash> used = byKey.get(key);
      if (used != null && used.contains(id)) {
        return Use.REPEATED;
      }
      if (all.incrementAndGet() > MAX_PER_SPAN || (used != null && used.size() >= MAX_PER_KEY)) {
        all.decrementAndGet();
        return Use.NO_ROOM;
      }
      boolean first = byKey.computeIfAbsent(key, k -> ConcurrentHashMap.newKeySet()).add(id);
      if (!first) {
        all.decrementAndGet();
      }
      return first ? Use.FIRST : Use.REPEATED;
    }
  }
}
