package dev.gatehouse.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.gatehouse.session.SessionKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts what a client may do only so often. Every memory here is bounded: an attacker with many
 * addresses pushes out his own entries. Safe for concurrent use.
 */
final class AttemptLimits {
  /** Login starts: an office that opens its browsers at nine passes, a flood does not. */
  private static final double START_BURST = 400;

  private static final double STARTS_PER_SECOND = 25;

  /**
   * Access tokens that the OP was asked about and rejected, per client (TH-DOS-7). Tokens that it
   * knows cost nothing, and one that has expired is asked about once.
   */
  private static final double TOKEN_BURST = 200;

  private static final double TOKENS_PER_SECOND = 5;

  /** Codes that the OP rejected, per browser (TH-DOS-4). */
  private static final int MAX_REJECTED_CODES = 5;

  /** The same per address: what five of one browser are must not stop the office behind it. */
  private static final int MAX_REJECTED_CODES_OF_ADDRESS = 100;

  private static final Duration REJECTED_CODES_WINDOW = Duration.ofMinutes(10);

  /** Logins whose session never came back, per user and client (TH-CB-15). */
  private static final int MAX_LOST_SESSIONS = 3;

  private static final Duration LOST_SESSIONS_WINDOW = Duration.ofSeconds(60);
  private static final int MAX_ENTRIES = 50_000;

  private final Clock clock;
  private final Cache<String, Bucket> starts;
  private final Cache<String, Bucket> rejectedTokens;
  private final Cache<String, Integer> rejectedCodesOfAddress;
  private final Cache<SessionKey, Integer> rejectedCodesOfBrowser;
  private final Cache<LoginKey, Set<SessionKey>> lostSessions;

  AttemptLimits(Clock clock) {
    this.clock = clock;
    Ticker ticker = () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    this.starts = buckets(ticker, START_BURST, STARTS_PER_SECOND);
    this.rejectedTokens = buckets(ticker, TOKEN_BURST, TOKENS_PER_SECOND);
    this.rejectedCodesOfAddress = rejectedCodes(ticker);
    this.rejectedCodesOfBrowser = rejectedCodes(ticker);
    this.lostSessions =
        Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .ticker(ticker)
            .expireAfterWrite(LOST_SESSIONS_WINDOW)
            .build();
  }

  /** A bucket that is full again is as good as none. */
  private static Cache<String, Bucket> buckets(Ticker ticker, double burst, double perSecond) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_ENTRIES)
        .ticker(ticker)
        .expireAfterAccess(Duration.ofSeconds((long) (burst / perSecond) + 1))
        .build();
  }

  /** Whether this client may begin one more login (TH-DOS-2). Counts it. */
  boolean mayStartLogin(String client) {
    return starts
        .get(client, c -> new Bucket(START_BURST, STARTS_PER_SECOND))
        .take(clock.instant());
  }

  /** Whether the OP may be asked about one more token of this client (TH-DOS-7). */
  boolean mayAskAboutToken(String client) {
    Bucket bucket = rejectedTokens.getIfPresent(client);
    return bucket == null || bucket.holds(clock.instant());
  }

  /** Notes that the OP rejected a token of this client. */
  void tokenRejected(String client) {
    rejectedTokens
        .get(client, c -> new Bucket(TOKEN_BURST, TOKENS_PER_SECOND))
        .take(clock.instant());
  }

  private static <K> Cache<K, Integer> rejectedCodes(Ticker ticker) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_ENTRIES)
        .ticker(ticker)
        .expireAfterWrite(REJECTED_CODES_WINDOW)
        .build();
  }

  /**
   * Whether one more code may be exchanged.
   *
   * @param browser empty for one without a rejected code
   */
  boolean mayExchangeCode(String address, Optional<SessionKey> browser) {
    return count(rejectedCodesOfAddress, address) < MAX_REJECTED_CODES_OF_ADDRESS
        && browser.map(known -> count(rejectedCodesOfBrowser, known)).orElse(0)
            < MAX_REJECTED_CODES;
  }

  /** Notes that the OP rejected a code of that browser. */
  void codeRejected(String address, SessionKey browser) {
    rejectedCodesOfAddress.asMap().merge(address, 1, Integer::sum);
    rejectedCodesOfBrowser.asMap().merge(browser, 1, Integer::sum);
  }

  private static <K> int count(Cache<K, Integer> rejectedCodes, K key) {
    Integer rejected = rejectedCodes.getIfPresent(key);
    return rejected == null ? 0 : rejected;
  }

  /** A user at a client, as far as a login loop is concerned. */
  record LoginKey(String issuer, String subject, String client) {}

  /** Whether this user's logins keep getting lost: the session cookie does not come back. */
  boolean loopsAt(LoginKey key) {
    Set<SessionKey> lost = lostSessions.getIfPresent(key);
    return lost != null && lost.size() >= MAX_LOST_SESSIONS;
  }

  /** Notes a session that has yet to come back. */
  void sessionMade(LoginKey key, SessionKey session) {
    lostSessions
        .asMap()
        .compute(
            key,
            (k, known) -> {
              Set<SessionKey> lost = known == null ? ConcurrentHashMap.newKeySet() : known;
              lost.add(session);
              return lost;
            });
  }

  /** Notes that a session came back: this browser keeps its cookies. */
  void sessionCameBack(LoginKey key) {
    lostSessions.invalidate(key);
  }

  /** A token bucket. */
  private static final class Bucket {
    private final double burst;
    private final double perSecond;
    private double tokens;
    private Instant filledAt;

    Bucket(double burst, double perSecond) {
      this.burst = burst;
      this.perSecond = perSecond;
      this.tokens = burst;
    }

    synchronized boolean take(Instant now) {
      if (!holds(now)) {
        return false;
      }
      tokens -= 1;
      return true;
    }

    synchronized boolean holds(Instant now) {
      if (filledAt != null && now.isAfter(filledAt)) {
        double seconds = Duration.between(filledAt, now).toMillis() / 1000.0;
        tokens = Math.min(burst, tokens + seconds * perSecond);
      }
      filledAt = now;
      return tokens >= 1;
    }
  }
}
