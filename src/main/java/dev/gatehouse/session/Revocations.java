package dev.gatehouse.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.gatehouse.identity.Identity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sessions that the OP has ended, by its session id or by user (OpenID Connect Back-Channel Logout
 * §2.7), or an operator. A mark is enough: each session is held against the marks when it is used,
 * wherever it is stored. Marks live as long as a session can. Safe for concurrent use; nothing here
 * blocks.
 */
public final class Revocations {
  private static final int MAX_MARKS = 500_000;

  private final Cache<SessionKey, Instant> endedOpSessions;
  private final Cache<SessionKey, Instant> endedSubjects;
  private final Cache<SessionKey, Instant> endedWithoutOpSession;
  private final Cache<String, Instant> endedFingerprints;

  /** The user of each session of the OP that has a session here. */
  private final Cache<SessionKey, String> knownOpSessions;

  /**
   * @param maxLifetime of a session
   * @param maxSessions how many sessions there may be
   */
  public Revocations(Clock clock, Duration maxLifetime, int maxSessions) {
    Ticker ticker = () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    Duration memory = maxLifetime.plusMinutes(1);
    this.endedOpSessions = cache(ticker, memory, MAX_MARKS);
    this.endedSubjects = cache(ticker, memory, MAX_MARKS);
    this.endedWithoutOpSession = cache(ticker, memory, MAX_MARKS);
    this.endedFingerprints = cache(ticker, memory, MAX_MARKS);
    this.knownOpSessions = cache(ticker, memory, maxSessions);
  }

  private static <K, V> Cache<K, V> cache(Ticker ticker, Duration memory, int maximum) {
    return Caffeine.newBuilder()
        .ticker(ticker)
        .maximumSize(maximum)
        .expireAfterWrite(memory)
        .build();
  }

  /** Notes that a session of the OP has a session of {@code user} here. */
  void known(Identity user, Optional<String> opSessionId) {
    opSessionId.ifPresent(
        sid -> knownOpSessions.put(key("sid", user.issuer(), sid), user.subject()));
  }

  /** The subject of the user whose session here belongs to that session of the OP. */
  public Optional<String> subjectIn(String issuer, String opSessionId) {
    return Optional.ofNullable(knownOpSessions.getIfPresent(key("sid", issuer, opSessionId)));
  }

  /** Ends what belongs to that session of the OP; of another issuer's nothing (TH-OUT-6). */
  public void endOpSession(String issuer, String opSessionId, Instant now) {
    endedOpSessions.put(key("sid", issuer, opSessionId), now);
  }

  /** Ends every session of that user that began before. */
  public void endSubject(String issuer, String subject, Instant now) {
    endedSubjects.put(key("sub", issuer, subject), now);
  }

  /**
   * Ends every session of that user that began before and of which the OP never said to which
   * session of its own it belongs: any of these may be the one that it has ended.
   */
  public void endUnattributed(String issuer, String subject, Instant now) {
    endedWithoutOpSession.put(key("sub", issuer, subject), now);
  }

  /** Ends every session with that fingerprint that began before. */
  public void endSession(String fingerprint, Instant now) {
    endedFingerprints.put(fingerprint, now);
  }

  /** Whether {@code session} has been ended. Costs next to nothing while nothing is marked. */
  boolean ended(Session session) {
    return marked(endedSubjects, session, Revocations::user)
        || (session.isOfOpSession()
            ? marked(endedOpSessions, session, Revocations::opSession)
            : marked(endedWithoutOpSession, session, Revocations::user))
        || marked(endedFingerprints, session, marked -> marked.key().fingerprint());
  }

  /**
   * Whether a logout has come since a login of that user began: what the OP says of him now it may
   * have known before.
   */
  boolean endedSince(Identity user, Optional<String> opSessionId, Instant loginBegan) {
    SessionKey subject = key("sub", user.issuer(), user.subject());
    return since(endedSubjects.getIfPresent(subject), loginBegan)
        || since(
            opSessionId.isPresent()
                ? endedOpSessions.getIfPresent(key("sid", user.issuer(), opSessionId.get()))
                : endedWithoutOpSession.getIfPresent(subject),
            loginBegan);
  }

  private static boolean since(Instant endedAt, Instant loginBegan) {
    return endedAt != null && !loginBegan.isAfter(endedAt);
  }

  private static <K> boolean marked(
      Cache<K, Instant> marks, Session session, Function<Session, K> key) {
    return marks.estimatedSize() > 0 && covers(marks.getIfPresent(key.apply(session)), session);
  }

  private static SessionKey user(Session session) {
    return key("sub", session.identity().issuer(), session.identity().subject());
  }

  private static SessionKey opSession(Session session) {
    return key("sid", session.identity().issuer(), session.opSessionId().orElseThrow());
  }

  /** A login at the very moment of the logout is taken for the earlier of the two. */
  private static boolean covers(Instant endedAt, Session session) {
    return since(endedAt, session.createdAt());
  }

  private static SessionKey key(String kind, String issuer, String value) {
    // No issuer has a line feed, so no two pairs share a key.
    return SessionKey.of(kind + "\n" + issuer + "\n" + value);
  }
}
