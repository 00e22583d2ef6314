package dev.gatehouse.gate;

import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.oidc.OpenIdProvider;
import dev.gatehouse.oidc.Providers;
import dev.gatehouse.oidc.RefreshOutcome;
import dev.gatehouse.session.Session;
import dev.gatehouse.session.SessionKey;
import dev.gatehouse.session.SessionStore;
import dev.gatehouse.session.SessionTokens;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Renews a session's tokens before they expire: one call for all requests that wait (TH-TOK-12); a
 * failure that may pass ends nothing, a refusal does (TH-TOK-13). Safe for concurrent use.
 */
final class SessionRefresh {
  /** How long after a failed call the OP is left in peace. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Providers providers;
  private final OpCalls opCalls;
  private final IdentityMapper identities;
  private final SessionStore sessions;
  private final TokenReturn tokenReturn;
  private final Clock clock;
  private final ConcurrentMap<SessionKey, CompletableFuture<Verdict>> running =
      new ConcurrentHashMap<>();

  SessionRefresh(
      Providers providers,
      OpCalls opCalls,
      IdentityMapper identities,
      SessionStore sessions,
      TokenReturn tokenReturn,
      Clock clock) {
    this.providers = providers;
    this.opCalls = opCalls;
    this.identities = identities;
    this.sessions = sessions;
    this.tokenReturn = tokenReturn;
    this.clock = clock;
  }

  /** What a request may do that found its session in need of new tokens. */
  enum Verdict {
    /** The session is good. */
    GOOD,
    /** The session must end. */
    ENDED,
    /** The access token has expired and the OP cannot be asked: 503. */
    UNDECIDED
  }

  /** Whether the session can be used at once. No I/O. */
  boolean due(Session session, Instant now) {
    return session.refreshDue(now) && (session.tokensExpired(now) || !session.refreshPaused(now));
  }

  /**
   * Renews the tokens, or waits for the request that does. The new tokens are stored before any
   * request proceeds.
   */
  CompletionStage<Verdict> refresh(Session session) {
    CompletableFuture<Verdict> mine = new CompletableFuture<>();
    CompletableFuture<Verdict> other = running.putIfAbsent(session.key(), mine);
    if (other != null) {
      return other;
    }
    // Its tokens go to the OP that made them and to no other (TH-TOK-14).
    providers
        .named(session.provider())
        .map(op -> opCalls.to(op).call(() -> renew(session, op), failure -> undecided(session)))
        .orElse(CompletableFuture.completedFuture(Verdict.ENDED))
        .whenComplete(
            (verdict, bug) -> {
              running.remove(session.key());
              mine.complete(bug == null ? verdict : Verdict.UNDECIDED);
            });
    return mine;
  }

  private Verdict renew(Session session, OpenIdProvider op) {
    // Another request may have been done with it before this one came.
    return due(session, clock.instant())
        ? settle(session, ask(op, session), clock.instant().plus(op.defaultTokenLifetime()))
        : Verdict.GOOD;
  }

  private static RefreshOutcome ask(OpenIdProvider provider, Session session) {
    String subject = session.identity().subject();
    SessionTokens tokens = session.tokens();
    if (tokens.refreshToken().isPresent()) {
      return provider.refresh(tokens.refreshToken().get(), subject);
    }
    // A sealed cookie has no room for an access token: the user signs in again.
    return tokens
        .accessToken()
        .map(token -> provider.recheck(token, subject))
        .orElseGet(() -> new RefreshOutcome.Ended("no-access-token"));
  }

  private Verdict settle(Session session, RefreshOutcome outcome, Instant assumedExpiry) {
    if (outcome instanceof RefreshOutcome.Ended) {
      return Verdict.ENDED;
    }
    if (outcome instanceof RefreshOutcome.Refreshed refreshed) {
      Optional<Identity> identity = identity(session.identity(), refreshed);
      if (identity.isEmpty()) {
        tokenReturn.giveBack(
            session.identity().issuer(),
            SessionTokens.received(
                refreshed.accessToken(),
                refreshed.refreshToken(),
                refreshed.expiresAt(),
                assumedExpiry));
        return Verdict.ENDED;
      }
      SessionTokens before = session.tokens();
      session.renew(
          SessionTokens.received(
              refreshed.accessToken(),
              refreshed.refreshToken().or(before::refreshToken),
              refreshed.expiresAt(),
              assumedExpiry),
          identity.get());
      session.authenticated(
          session.authentication().refreshed(refreshed.acr(), refreshed.scopes()));
      // Whoever ends a session gives back the tokens that it has then: the old ones, if this came
      // between. Looked at after the new ones are there, so that one of the two sees them.
      if (sessions.ended(session)) {
        tokenReturn.giveBack(session.identity().issuer(), session.tokens());
      }
      return Verdict.GOOD;
    }
    return undecided(session);
  }

  private Verdict undecided(Session session) {
    Instant now = clock.instant();
    session.pauseRefresh(now.plus(PAUSE));
    return session.tokensExpired(now) ? Verdict.UNDECIDED : Verdict.GOOD;
  }

  /**
   * Who the user is now: what the OP took away is gone, what it did not speak of stays. Empty where
   * the app cannot be told of this user any more, for whom there would be no login either.
   */
  private Optional<Identity> identity(Identity before, RefreshOutcome.Refreshed refreshed) {
    Map<String, Object> newer = identities.kept(refreshed.claims());
    if (newer.isEmpty() && !refreshed.whole()) {
      return Optional.of(before);
    }
    Map<String, Object> claims = new HashMap<>(refreshed.whole() ? Map.of() : before.claims());
    claims.putAll(newer);
    return identities.map(before.issuer(), before.subject(), claims)
            instanceof IdentityMapper.Mapping.Mapped mapped
        ? Optional.of(mapped.identity())
        : Optional.empty();
  }
}
