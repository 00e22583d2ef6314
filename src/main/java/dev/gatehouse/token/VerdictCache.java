package dev.gatehouse.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What was found out about tokens, by their hash. Each token has one judge, and so one issuer and
 * one client that ask about it: they are part of the key without standing in it. Holds answers, not
 * decisions about routes (TH-BEAR-14), and never a failure (TH-BEAR-13). Safe for concurrent use.
 */
final class VerdictCache {
  /** A bad token is believed to be bad for so long (TH-BEAR-13). */
  static final Duration NEGATIVE = Duration.ofSeconds(10);

  private static final int MAX_POSITIVE = 20_000;
  private static final int MAX_NEGATIVE = 10_000;
  private static final Optional<TokenVerdict> BAD =
      Optional.of(new TokenVerdict.Rejected(BearerError.INVALID_TOKEN));

  // The answer as callers want it, so that finding it makes nothing.
  private record Good(Optional<TokenVerdict> verdict, long untilMillis, long graceEndsMillis) {
    TokenVerdict.Active active() {
      return (TokenVerdict.Active) verdict.orElseThrow();
    }
  }

  private final Clock clock;
  private final Duration lifetime;
  private final Duration grace;

  // Two parts: a flood of invented tokens drives no good one out (TH-DOS-7).
  private final Cache<TokenHash, Good> good;
  private final Cache<TokenHash, Long> bad = part(MAX_NEGATIVE, NEGATIVE);

  /**
   * @param lifetime a good token is believed for so long, and never past its {@code exp}
   * @param grace for how much longer {@link #findStale} still knows it
   */
  VerdictCache(Clock clock, Duration lifetime, Duration grace) {
    this.clock = clock;
    this.lifetime = lifetime;
    this.grace = grace;
    this.good = part(MAX_POSITIVE, lifetime.plus(grace));
  }

  private static <V> Cache<TokenHash, V> part(int size, Duration life) {
    return Caffeine.newBuilder()
        .maximumSize(size)
        .expireAfterWrite(life)
        .executor(Runnable::run)
        .build();
  }

  /** The verdict, while it is fresh. */
  Optional<TokenVerdict> find(TokenHash hash) {
    Good found = good.getIfPresent(hash);
    if (found != null && clock.millis() < found.untilMillis()) {
      return found.verdict();
    }
    Long until = bad.getIfPresent(hash);
    return until != null && clock.millis() < until ? BAD : Optional.empty();
  }

  /** A good verdict that is fresh no longer, for when nothing newer can be had (TH-BEAR-15). */
  Optional<TokenVerdict> findStale(TokenHash hash) {
    Good found = good.getIfPresent(hash);
    return found != null && clock.millis() < found.graceEndsMillis()
        ? found.verdict()
        : Optional.empty();
  }

  /** Keeps a good verdict for its lifetime or until the token expires. */
  void keep(TokenHash hash, TokenVerdict.Active verdict) {
    Instant now = clock.instant();
    good.put(
        hash,
        new Good(
            Optional.of(verdict),
            earlier(now.plus(lifetime), verdict.expiresAt()),
            earlier(now.plus(lifetime).plus(grace), verdict.expiresAt())));
    bad.invalidate(hash);
  }

  // In milliseconds, rounded down: never later than either of them.
  private static long earlier(Instant one, Instant other) {
    Instant first = other.isBefore(one) ? other : one;
    return first.toEpochMilli();
  }

  /** Keeps in mind for {@link #NEGATIVE} that a token is bad. */
  void keepBad(TokenHash hash) {
    good.invalidate(hash);
    bad.put(hash, clock.instant().plus(NEGATIVE).toEpochMilli());
  }

  /** How many tokens are remembered, good and bad; about. */
  long size() {
    return good.estimatedSize() + bad.estimatedSize();
  }

  /** Forgets one token. */
  void forget(TokenHash hash) {
    good.invalidate(hash);
    bad.invalidate(hash);
  }

  /** Forgets all good tokens of one user. */
  void forgetSubject(String issuer, String subject) {
    good.asMap()
        .values()
        .removeIf(
            found ->
                found.active().issuer().equals(issuer) && found.active().subject().equals(subject));
  }
}
