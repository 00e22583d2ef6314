package dev.gatehouse.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What was found out about tokens, by their hash. One cache belongs to one issuer and one client,
 * so these are part of its key. Holds answers, not decisions about routes (TH-BEAR-14), and never a
 * failure (TH-BEAR-13). Safe for concurrent use.
 */
final class VerdictCache {
  /** A good token is believed for so long, and never past its {@code exp} (TH-BEAR-12). */
  static final Duration POSITIVE = Duration.ofSeconds(60);

  /** A bad token is believed to be bad for so long (TH-BEAR-13). */
  static final Duration NEGATIVE = Duration.ofSeconds(10);

  private static final int MAX_POSITIVE = 20_000;
  private static final int MAX_NEGATIVE = 10_000;

  private record Good(TokenVerdict.Active verdict, Instant until) {}

  private final Clock clock;

  // Two parts: a flood of invented tokens drives no good one out (TH-DOS-7).
  private final Cache<TokenHash, Good> good = part(MAX_POSITIVE, POSITIVE);
  private final Cache<TokenHash, Instant> bad = part(MAX_NEGATIVE, NEGATIVE);

  VerdictCache(Clock clock) {
    this.clock = clock;
  }

  private static <V> Cache<TokenHash, V> part(int size, Duration life) {
    return Caffeine.newBuilder().maximumSize(size).expireAfterWrite(life).build();
  }

  /** The verdict, while it is fresh. */
  Optional<TokenVerdict> find(TokenHash hash) {
    Good found = good.getIfPresent(hash);
    if (found != null && clock.instant().isBefore(found.until())) {
      return Optional.of(found.verdict());
    }
    Instant until = bad.getIfPresent(hash);
    return until != null && clock.instant().isBefore(until)
        ? Optional.of(new TokenVerdict.Rejected(BearerError.INVALID_TOKEN))
        : Optional.empty();
  }

  /** Keeps a good verdict for {@link #POSITIVE} or until the token expires. */
  void keep(TokenHash hash, TokenVerdict.Active verdict) {
    Instant limit = clock.instant().plus(POSITIVE);
    Instant expiry = verdict.expiresAt();
    good.put(hash, new Good(verdict, expiry.isBefore(limit) ? expiry : limit));
    bad.invalidate(hash);
  }

  /** Keeps in mind for {@link #NEGATIVE} that a token is bad. */
  void keepBad(TokenHash hash) {
    good.invalidate(hash);
    bad.put(hash, clock.instant().plus(NEGATIVE));
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
                found.verdict().issuer().equals(issuer)
                    && found.verdict().subject().equals(subject));
  }
}
