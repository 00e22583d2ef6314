package dev.gatehouse.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.gatehouse.access.Authentication;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.Recurring;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Sessions in this process's memory: bounded in number, with idle and absolute limits. The browser
 * holds a random id, the store its hash. Safe for concurrent use; nothing here blocks.
 */
public final class MemorySessionStore implements SessionStore {
  private final GatehouseConfig.Session limits;
  private final CookieNames names;
  private final SetCookie setCookie;
  private final RandomTokens random;
  private final Revocations revocations;
  private final Cache<SessionKey, Session> sessions;
  private final Recurring<String> providers = new Recurring<>();
  private final Recurring<Authentication> authentications = new Recurring<>();

  /** An empty store. */
  public MemorySessionStore(
      GatehouseConfig.Session limits,
      CookieNames names,
      SetCookie setCookie,
      RandomTokens random,
      Revocations revocations) {
    this(limits, names, setCookie, random, revocations, Ticker.systemTicker());
  }

  MemorySessionStore(
      GatehouseConfig.Session limits,
      CookieNames names,
      SetCookie setCookie,
      RandomTokens random,
      Revocations revocations,
      Ticker ticker) {
    this.limits = Objects.requireNonNull(limits, "limits");
    this.names = Objects.requireNonNull(names, "names");
    this.setCookie = Objects.requireNonNull(setCookie, "setCookie");
    this.random = Objects.requireNonNull(random, "random");
    this.revocations = Objects.requireNonNull(revocations, "revocations");
    // The limits are judged by our own clock below; Caffeine's only frees what is over. A polling
    // request reads the entry without using the session, so this is an upper bound, not a verdict.
    this.sessions =
        Caffeine.newBuilder()
            .ticker(ticker)
            .maximumSize(limits.maxSessions())
            .expireAfterAccess(limits.idleTimeout().plusMinutes(1))
            .executor(Runnable::run) // to wake another thread costs more than to do its work
            .build();
  }

  @Override
  public Lookup find(CookieJar cookies, Instant now, boolean touch) {
    if (cookies.sessionChunks().size() != 1) {
      boolean presented = cookies.ambiguous() || !cookies.sessionChunks().isEmpty();
      return new Lookup.None(presented, presented);
    }
    SessionKey key = SessionKey.of(cookies.sessionChunks().get(0));
    Session session = sessions.getIfPresent(key);
    if (session == null) {
      return new Lookup.None(true, false);
    }
    if (!session.alive(now, limits.idleTimeout()) || revocations.ended(session)) {
      sessions.invalidate(key);
      return new Lookup.None(true, false);
    }
    if (touch) {
      session.use(now);
    }
    return new Lookup.Found(session, List.of());
  }

  @Override
  public Created create(NewSession login, CookieJar replaced, Instant now) {
    String id = random.next();
    Session session =
        new Session(
                SessionKey.of(id),
                providers.one(login.provider()),
                login.identity(),
                login.tokens(),
                Secret.of(random.next()),
                login.idToken(),
                login.opSessionId(),
                now,
                now.plus(limits.maxLifetime()))
            .authenticated(login.authentication())
            .sharing(authentications);
    sessions.put(session.key(), session);
    revocations.known(login.identity(), login.opSessionId());
    return new Created.Made(session, List.of(setCookie.session(names.session(), id)));
  }

  @Override
  public List<String> update(Session session, CookieJar cookies, Instant now) {
    // The session in memory is the one that was changed.
    return List.of();
  }

  @Override
  public Optional<Session> find(SessionKey key) {
    return Optional.ofNullable(sessions.getIfPresent(key));
  }

  @Override
  public void end(SessionKey key, Instant now) {
    sessions.invalidate(key);
  }

  @Override
  public boolean ended(Session session) {
    return sessions.getIfPresent(session.key()) == null || revocations.ended(session);
  }

  @Override
  public boolean endedSince(Identity user, Optional<String> opSessionId, Instant loginBegan) {
    return revocations.endedSince(user, opSessionId, loginBegan);
  }

  @Override
  public OptionalLong held() {
    // Each time frees some of what is over, so that no request has to wait for all of it.
    long held = Long.MAX_VALUE;
    long left = sessions.estimatedSize();
    while (left < held) {
      held = left;
      sessions.cleanUp();
      left = sessions.estimatedSize();
    }
    return OptionalLong.of(left);
  }

  @Override
  public List<String> expire(CookieJar cookies) {
    return List.of(setCookie.removal(names.session()));
  }
}
