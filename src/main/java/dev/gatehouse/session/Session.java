package dev.gatehouse.session;

import dev.gatehouse.access.Authentication;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.Recurring;
import dev.gatehouse.seal.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A signed-in browser. Its key, its login and its absolute end never change; identity and tokens
 * change together when tokens are refreshed. Safe for concurrent use.
 *
 * <p>The session knows its id only as a {@link SessionKey}, a hash (TH-SES-2). There may be a
 * million of them: what requests do not need is packed, and times are kept to the millisecond.
 */
public final class Session {
  private static final int CSRF_TOKEN = 0;
  private static final int ID_TOKEN = 1;
  private static final int OP_SESSION = 2;
  private static final long UNKNOWN = Long.MIN_VALUE;

  private final SessionKey key;
  private final String provider;
  private final byte[] ofLogin;
  private final long createdAtMillis;
  private final long expiresAtMillis;
  private final boolean ofOpSession;
  private volatile Identity identity;
  private volatile HeldTokens tokens;
  private volatile Authentication authentication = Authentication.UNKNOWN;
  private volatile long authenticatedAtMillis = UNKNOWN;
  private volatile long lastUsedMillis;
  private volatile long refreshPausedUntilMillis;
  private volatile boolean seenAgain;

  /**
   * @param key hash of the id that the browser holds
   * @param provider the name of the OP that the user logged in at
   * @param csrfToken bound to this session, for the gateway's own forms (TH-CSRF-2)
   * @param idToken for {@code id_token_hint} at logout; absent where it was too large to keep
   * @param opSessionId the OP's {@code sid}
   * @param expiresAt the absolute end; at this very instant the session is over
   */
  public Session(
      SessionKey key,
      String provider,
      Identity identity,
      SessionTokens tokens,
      Secret csrfToken,
      Optional<Secret> idToken,
      Optional<String> opSessionId,
      Instant createdAt,
      Instant expiresAt) {
    this.key = Objects.requireNonNull(key, "key");
    this.provider = Objects.requireNonNull(provider, "provider");
    this.identity = Objects.requireNonNull(identity, "identity");
    this.tokens = new HeldTokens(tokens);
    this.ofLogin =
        PackedTokens.of(
            List.of(Optional.of(csrfToken.reveal()), idToken.map(Secret::reveal), opSessionId));
    this.ofOpSession = opSessionId.isPresent();
    this.createdAtMillis = createdAt.toEpochMilli();
    this.expiresAtMillis = expiresAt.toEpochMilli();
    this.lastUsedMillis = createdAtMillis;
  }

  /** Hash of the session id. */
  public SessionKey key() {
    return key;
  }

  /** The name of the OP that the user logged in at; its tokens go nowhere else. */
  public String provider() {
    return provider;
  }

  /** Who the user is. */
  public Identity identity() {
    return identity;
  }

  /** What the OP gave beside the identity: unpacked, so not for every request. */
  public SessionTokens tokens() {
    return tokens.unpacked();
  }

  /** As {@link SessionTokens#refreshDue}. Allocates nothing. */
  public boolean refreshDue(Instant now) {
    return tokens.refreshDue(now);
  }

  /** As {@link SessionTokens#expired}. Allocates nothing. */
  public boolean tokensExpired(Instant now) {
    return tokens.expired(now);
  }

  /** As {@link SessionTokens#usable}: the same object until the next refresh. */
  public Optional<Secret> usableAccessToken(Instant now) {
    return tokens.usable(now);
  }

  /** How the user was authenticated, and what was granted. */
  public Authentication authentication() {
    long at = authenticatedAtMillis;
    return at == UNKNOWN ? authentication : authentication.at(Instant.ofEpochMilli(at));
  }

  /** This session with another authentication, as a login or a refresh brings it. */
  public Session authenticated(Authentication newAuthentication) {
    Authentication timeless = newAuthentication.withoutTime();
    // Most sessions have theirs in common with others, and mostly a refresh changes nothing.
    if (!timeless.equals(authentication)) {
      authentication = timeless;
    }
    authenticatedAtMillis = newAuthentication.at().map(Instant::toEpochMilli).orElse(UNKNOWN);
    return this;
  }

  /** Keeps one object for an authentication that many sessions have. */
  Session sharing(Recurring<Authentication> authentications) {
    authentication = authentications.one(authentication);
    return this;
  }

  /** Takes over what a refresh brought. */
  public void renew(SessionTokens newTokens, Identity newIdentity) {
    this.identity = Objects.requireNonNull(newIdentity, "newIdentity");
    this.tokens = new HeldTokens(newTokens);
  }

  /** Leaves the OP in peace until {@code until}, after a refresh that came to nothing. */
  public void pauseRefresh(Instant until) {
    refreshPausedUntilMillis = until.toEpochMilli();
  }

  /** Whether the last refresh came to nothing a moment ago. */
  public boolean refreshPaused(Instant now) {
    return now.toEpochMilli() < refreshPausedUntilMillis;
  }

  /** The token that the gateway's own forms carry. */
  public Secret csrfToken() {
    return PackedTokens.secret(ofLogin, CSRF_TOKEN).orElseThrow();
  }

  /** The ID token of the login, for logout. */
  public Optional<Secret> idToken() {
    return PackedTokens.secret(ofLogin, ID_TOKEN);
  }

  /** The OP's {@code sid}. */
  public Optional<String> opSessionId() {
    return PackedTokens.text(ofLogin, OP_SESSION);
  }

  /** Whether there is an {@link #opSessionId()}. Allocates nothing. */
  boolean isOfOpSession() {
    return ofOpSession;
  }

  /** When the user signed in. */
  public Instant createdAt() {
    return Instant.ofEpochMilli(createdAtMillis);
  }

  /** The absolute end. */
  public Instant expiresAt() {
    return Instant.ofEpochMilli(expiresAtMillis);
  }

  /** When the session ends if it is not used again. */
  public Instant idleEnd(Duration idleTimeout) {
    Instant idleEnd = lastUsed().plus(idleTimeout);
    return idleEnd.isBefore(expiresAt()) ? idleEnd : expiresAt();
  }

  /** Whether neither the idle nor the absolute limit has been reached. */
  public boolean alive(Instant now, Duration idleTimeout) {
    long millis = now.toEpochMilli();
    return millis < expiresAtMillis && millis - lastUsedMillis < idleTimeout.toMillis();
  }

  /** When the browser last used the session. */
  public Instant lastUsed() {
    return Instant.ofEpochMilli(lastUsedMillis);
  }

  /** Notes a use at {@code now}; never backwards. */
  public void use(Instant now) {
    long millis = now.toEpochMilli();
    if (millis > lastUsedMillis) {
      lastUsedMillis = millis;
    }
  }

  /**
   * Notes that the browser brought its cookie back.
   *
   * @return true the first time
   */
  public boolean firstReturn() {
    if (seenAgain) {
      return false;
    }
    seenAgain = true;
    return true;
  }
}
