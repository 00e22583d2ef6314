package dev.gatehouse.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sessions that the OP has ended, by its session id or by user (OpenID Connect Back-Channel Logout
 * §2.7). A mark is enough: each session is held against the marks when it is used, wherever it is
 * stored. Marks live as long as a session can. Safe for concurrent use; nothing here blocks.
 */
public final class Revocations {
  private static final int MAX_MARKS = 500_000;

  private final Cache<SessionKey, Instant> endedOpSessions;
  private final Cache<SessionKey, Instant> endedSubjects;
  private final Cache<SessionKey, Boolean> knownOpSessions;

  /**
   * @param maxLifetime of a session
   * @param maxSessions how many sessions there may be
   */
  public Revocations(Clock clock, Duration maxLifetime, int maxSessions) {
    Ticker ticker = () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    Duration memory = maxLifetime.plusMinutes(1);
    this.endedOpSessions = cache(ticker, memory, MAX_MARKS);
    this.endedSubjects = cache(ticker, memory, MAX_MARKS);
    this.knownOpSessions = cache(ticker, memory, maxSessions);
  }

  private static <V> Cache<SessionKey, V> cache(Ticker ticker, Duration memory, int maximum) {
    return Caffeine.newBuilder()
        .ticker(ticker)
        .maximumSize(maximum)
        .expireAfterWrite(memory)
        .build();
  }

  /** Notes that a session of the OP has a session here. */
  public void known(String issuer, Optional<String> opSessionId) {
    opSessionId.ifPresent(sid -> knownOpSessions.put(key("sid", issuer, sid), Boolean.TRUE));
  }

  /** Whether a session here belongs to that session of the OP. */
  public boolean knows(String issuer, String opSessionId) {
    return knownOpSessions.getIfPresent(key("sid", issuer, opSessionId)) != null;
  }

  /** Ends what belongs to that session of the OP; of another issuer's nothing (TH-OUT-6). */
  public void endOpSession(String issuer, String opSessionId, Instant now) {
    endedOpSessions.put(key("sid", issuer, opSessionId), now);
  }

  /** Ends every session of that user that began before. */
  public void endSubject(String issuer, String subject, Instant now) {
    endedSubjects.put(key("sub", issuer, subject), now);
  }

  /** Whether {@code session} has been ended. Costs next to nothing while nothing is marked. */
  boolean ended(Session session) {
    return (endedSubjects.estimatedSize() > 0
            && covers(
                endedSubjects.getIfPresent(
                    key("sub", session.identity().issuer(), session.identity().subject())),
                session))
        || (endedOpSessions.estimatedSize() > 0
            && session
                .opSessionId()
                .map(
                    sid ->
                        endedOpSessions.getIfPresent(key("sid", session.identity().issuer(), sid)))
                .filter(at -> covers(at, session))
                .isPresent());
  }

  /** A login at the very moment of the logout is taken for the earlier of the two. */
  private static boolean covers(Instant endedAt, Session session) {
    return endedAt != null && !session.createdAt().isAfter(endedAt);
  }

  private static SessionKey key(String kind, String issuer, String value) {
    // No issuer has a line feed, so no two pairs share a key.
    return SessionKey.of(kind + "\n" + issuer + "\n" + value);
  }
}
