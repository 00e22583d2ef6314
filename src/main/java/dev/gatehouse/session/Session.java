package dev.gatehouse.session;

import dev.gatehouse.access.Authentication;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.seal.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A signed-in browser. Its key, its login and its absolute end never change; identity and tokens
 * change together when tokens are refreshed. Safe for concurrent use.
 *
 * <p>The session knows its id only as a {@link SessionKey}, a hash (TH-SES-2).
 */
public final class Session {
  private final SessionKey key;
  private final String provider;
  private final Secret csrfToken;
  private final Optional<Secret> idToken;
  private final Optional<String> opSessionId;
  private final Instant createdAt;
  private final Instant expiresAt;
  private volatile Identity identity;
  private volatile SessionTokens tokens;
  private volatile Authentication authentication = Authentication.UNKNOWN;
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
    this.tokens = Objects.requireNonNull(tokens, "tokens");
    this.csrfToken = Objects.requireNonNull(csrfToken, "csrfToken");
    this.idToken = Objects.requireNonNull(idToken, "idToken");
    this.opSessionId = Objects.requireNonNull(opSessionId, "opSessionId");
    this.createdAt = Objects.requireNonNull(createdAt, "createdAt");
    this.expiresAt = Objects.requireNonNull(expiresAt, "expiresAt");
    this.lastUsedMillis = createdAt.toEpochMilli();
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

  /** What the OP gave beside the identity. */
  public SessionTokens tokens() {
    return tokens;
  }

  /** How the user was authenticated, and what was granted. */
  public Authentication authentication() {
    return authentication;
  }

  /** This session with another authentication, as a login or a refresh brings it. */
  public Session authenticated(Authentication newAuthentication) {
    this.authentication = Objects.requireNonNull(newAuthentication, "newAuthentication");
    return this;
  }

  /** Takes over what a refresh brought. */
  public void renew(SessionTokens newTokens, Identity newIdentity) {
    this.identity = Objects.requireNonNull(newIdentity, "newIdentity");
    this.tokens = Objects.requireNonNull(newTokens, "newTokens");
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
    return csrfToken;
  }

  /** The ID token of the login, for logout. */
  public Optional<Secret> idToken() {
    return idToken;
  }

  /** The OP's {@code sid}. */
  public Optional<String> opSessionId() {
    return opSessionId;
  }

  /** When the user signed in. */
  public Instant createdAt() {
    return createdAt;
  }

  /** The absolute end. */
  public Instant expiresAt() {
    return expiresAt;
  }

  /** When the session ends if it is not used again. */
  public Instant idleEnd(Duration idleTimeout) {
    Instant idleEnd = lastUsed().plus(idleTimeout);
    return idleEnd.isBefore(expiresAt) ? idleEnd : expiresAt;
  }

  /** Whether neither the idle nor the absolute limit has been reached. */
  public boolean alive(Instant now, Duration idleTimeout) {
    return now.isBefore(expiresAt) && now.toEpochMilli() - lastUsedMillis < idleTimeout.toMillis();
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
