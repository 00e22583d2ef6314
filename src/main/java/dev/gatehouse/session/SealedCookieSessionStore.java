package dev.gatehouse.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.Sealer;
import dev.gatehouse.seal.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Sessions sealed into the browser's cookie: nothing to share between nodes but the keys (TH-SES-8,
 * TH-SES-9, TH-SES-12). A sealed session is opened once and then found by its hash, so the hot path
 * decrypts nothing. Safe for concurrent use; nothing here blocks.
 *
 * <p>An ended session is remembered until it would have expired, by this process alone: after a
 * restart, or on another node, a copy of its cookie lives on until its own limits.
 */
public final class SealedCookieSessionStore implements SessionStore {
  /** Browsers keep 4096 bytes of name, value and attributes (RFC 6265bis §5.6). */
  private static final int CHUNK_CHARS = 3800;

  /** Together they stay below the 16 KiB that servers commonly allow. */
  private static final int MAX_CHUNKS = 4;

  private static final int MAX_OPENED = 50_000;
  private static final int MAX_ENDED = 1_000_000;

  private final GatehouseConfig.Session limits;
  private final CookieNames names;
  private final SetCookie setCookie;
  private final RandomTokens random;
  private final Revocations revocations;
  private final Sealer sealer;
  private final SealedSessionFormat format;
  private final Duration renewal;
  private final Cache<SessionKey, Opened> opened;
  private final Cache<SessionKey, Session> byKey;
  private final Cache<SessionKey, Boolean> ended;

  /** A session and what its cookie says of its last use. */
  private record Opened(Session session, Instant sealedAt) {}

  /**
   * @param sealer for this purpose alone
   */
  public SealedCookieSessionStore(
      GatehouseConfig.Session limits,
      CookieNames names,
      SetCookie setCookie,
      RandomTokens random,
      Revocations revocations,
      Sealer sealer,
      SealedSessionFormat format) {
    this.limits = Objects.requireNonNull(limits, "limits");
    this.names = Objects.requireNonNull(names, "names");
    this.setCookie = Objects.requireNonNull(setCookie, "setCookie");
    this.random = Objects.requireNonNull(random, "random");
    this.revocations = Objects.requireNonNull(revocations, "revocations");
    this.sealer = Objects.requireNonNull(sealer, "sealer");
    this.format = Objects.requireNonNull(format, "format");
    this.renewal = limits.idleTimeout().dividedBy(10);
    this.opened = whileUsed();
    this.byKey = whileUsed();
    this.ended =
        Caffeine.newBuilder().maximumSize(MAX_ENDED).expireAfterWrite(limits.maxLifetime()).build();
  }

  private <K, V> Cache<K, V> whileUsed() {
    return Caffeine.newBuilder()
        .maximumSize(MAX_OPENED)
        .expireAfterAccess(limits.idleTimeout())
        .executor(Runnable::run)
        .build();
  }

  @Override
  public Lookup find(CookieJar cookies, Instant now, boolean touch) {
    if (cookies.sessionChunks().isEmpty()) {
      return new Lookup.None(cookies.ambiguous(), cookies.ambiguous());
    }
    String sealed = String.join("", cookies.sessionChunks());
    Optional<Opened> found = open(sealed);
    if (found.isEmpty()) {
      return new Lookup.None(true, false);
    }
    Session session = found.get().session();
    if (ended.getIfPresent(session.key()) != null
        || !session.alive(now, limits.idleTimeout())
        || revocations.ended(session)) {
      return new Lookup.None(true, false);
    }
    if (!touch) {
      return new Lookup.Found(session, List.of());
    }
    session.use(now);
    boolean renews = !found.get().sealedAt().plus(renewal).isAfter(now);
    return new Lookup.Found(session, renews ? renew(session, cookies, now) : List.of());
  }

  private Optional<Opened> open(String sealed) {
    SessionKey cookieKey = SessionKey.of(sealed);
    Opened known = opened.getIfPresent(cookieKey);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Opened> fresh =
        sealer
            .open(sealed)
            .flatMap(plain -> format.read(plain.plaintext()))
            .map(read -> new Opened(known(read), read.lastUsed()));
    fresh.ifPresent(value -> opened.put(cookieKey, value));
    return fresh;
  }

  /**
   * One session, one object: a cookie from before a refresh must not bring back a refresh token
   * that has been used (TH-TOK-12).
   */
  private Session known(Session read) {
    revocations.known(read.identity(), read.opSessionId());
    return byKey.get(read.key(), key -> read);
  }

  @Override
  public Created create(NewSession login, CookieJar replaced, Instant now) {
    Session session =
        new Session(
                SessionKey.of(random.next()),
                login.provider(),
                login.identity(),
                login.tokens(),
                Secret.of(random.next()),
                login.idToken(),
                login.opSessionId(),
                now,
                now.plus(limits.maxLifetime()))
            .authenticated(login.authentication());
    revocations.known(login.identity(), login.opSessionId());
    // The ID token serves logout alone, and logout can do without; the claims cannot be left out.
    Optional<List<String>> lines =
        seal(session, login.idToken(), replaced, now, 2)
            .or(() -> seal(session, Optional.empty(), replaced, now, MAX_CHUNKS));
    return lines.isEmpty() ? new Created.TooLarge() : new Created.Made(session, lines.get());
  }

  private List<String> renew(Session session, CookieJar cookies, Instant now) {
    return seal(session, session.idToken(), cookies, now, MAX_CHUNKS).orElse(List.of());
  }

  private Optional<List<String>> seal(
      Session session, Optional<Secret> idToken, CookieJar replaced, Instant now, int maxChunks) {
    String sealed = sealer.seal(format.write(session, idToken, now), session.expiresAt());
    int chunks = (sealed.length() + CHUNK_CHARS - 1) / CHUNK_CHARS;
    if (chunks > maxChunks) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      int end = Math.min(sealed.length(), (i + 1) * CHUNK_CHARS);
      lines.add(setCookie.session(name(i), sealed.substring(i * CHUNK_CHARS, end)));
    }
    for (int i = chunks; i < leftovers(replaced); i++) {
      lines.add(setCookie.removal(name(i)));
    }
    return Optional.of(lines);
  }

  /**
   * How many chunks the browser may hold. A request without any may be a form from the OP's page,
   * which brings no session cookie: what is left of a larger session would make this one
   * unreadable.
   */
  private static int leftovers(CookieJar replaced) {
    return replaced.sessionChunks().isEmpty() ? MAX_CHUNKS : replaced.sessionChunks().size();
  }

  @Override
  public List<String> update(Session session, CookieJar cookies, Instant now) {
    return renew(session, cookies, now);
  }

  @Override
  public Optional<Session> find(SessionKey key) {
    return Optional.ofNullable(byKey.getIfPresent(key));
  }

  @Override
  public void end(SessionKey key, Instant now) {
    ended.put(key, Boolean.TRUE);
  }

  @Override
  public boolean ended(Session session) {
    return ended.getIfPresent(session.key()) != null || revocations.ended(session);
  }

  @Override
  public boolean endedSince(Identity user, Optional<String> opSessionId, Instant loginBegan) {
    return revocations.endedSince(user, opSessionId, loginBegan);
  }

  @Override
  public List<String> expire(CookieJar cookies) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < Math.max(1, cookies.sessionChunks().size()); i++) {
      lines.add(setCookie.removal(name(i)));
    }
    return lines;
  }

  private String name(int chunk) {
    return chunk == 0 ? names.session() : names.session() + "." + chunk;
  }
}
