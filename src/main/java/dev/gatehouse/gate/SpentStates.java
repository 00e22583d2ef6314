package dev.gatehouse.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.gatehouse.session.LoginTransaction;
import dev.gatehouse.session.SessionKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Remembers states that must not be used, for as long as their transaction could live: those that
 * came back once (TH-STATE-4) and those whose cookie was displaced (TH-STATE-5), with the page that
 * their tab wanted. Bounded; keeps hashes only. Safe for concurrent use.
 */
final class SpentStates {
  private static final int MAX_ENTRIES = 100_000;

  /** At most as many as login starts are let through; each may hold a return target. */
  private static final int MAX_DISPLACED = 10_000;

  private final String home;
  private final Cache<SessionKey, String> spent;
  private final Cache<SessionKey, String> displaced;

  /**
   * @param home where a state leads that was used before: the app's start page
   */
  SpentStates(Clock clock, Duration transactionLifetime, String home) {
    this.home = home;
    Ticker ticker = () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    Duration memory = transactionLifetime.plusMinutes(1);
    this.spent =
        Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .ticker(ticker)
            .expireAfterWrite(memory)
            .build();
    this.displaced =
        Caffeine.newBuilder()
            .maximumSize(MAX_DISPLACED)
            .ticker(ticker)
            .expireAfterWrite(memory)
            .build();
  }

  /**
   * Uses up a state.
   *
   * @return false when it was used up before: of two callbacks at the same moment one gets true
   */
  boolean spend(LoginTransaction transaction) {
    SessionKey key = SessionKey.of(transaction.state().reveal());
    return spent.asMap().putIfAbsent(key, home) == null;
  }

  /** Notes an attempt whose cookie had to make room for a younger one. */
  void displace(LoginTransaction transaction) {
    displaced.put(SessionKey.of(transaction.state().reveal()), transaction.returnTarget());
  }

  /** Where a tab with this used or displaced state belongs; empty for a state that is unknown. */
  Optional<String> lateTarget(String state) {
    SessionKey key = SessionKey.of(state);
    String target = spent.getIfPresent(key);
    return Optional.ofNullable(target != null ? target : displaced.getIfPresent(key));
  }
}
