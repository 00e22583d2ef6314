package dev.gatehouse.token;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.seal.Secret;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what a {@link TokenJudge} found out, and lets it work on threads of its own. An answer
 * is used again for a short while, a failure never (TH-BEAR-13). Safe for concurrent use.
 */
final class CachingVerifier implements TokenVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(CachingVerifier.class);

  private final Supplier<Deadline> deadlines;
  private final TokenJudge judge;
  private final OpExecutor calls;
  private final VerdictCache cache;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final SingleFlight flights = new SingleFlight();
  private final AtomicLong evictions = new AtomicLong();

  CachingVerifier(
      VerdictCache cache, Supplier<Deadline> deadlines, TokenJudge judge, OpExecutor calls) {
    this.deadlines = deadlines;
    this.judge = judge;
    this.calls = calls;
    this.cache = cache;
  }

  @Override
  public Optional<TokenVerdict> atOnce(BearerCredential.Token token) {
    Optional<TokenVerdict> known = cache.find(token.hash());
    if (known.isPresent()) {
      hits.increment();
      return known;
    }
    misses.increment();
    long before = evictions.get();
    return judge.atOnce(token).map(verdict -> keep(token, verdict, before));
  }

  @Override
  public CompletionStage<TokenVerdict> verify(BearerCredential.Token token) {
    return flights.join(
        token.hash(), () -> calls.call(() -> ask(token), failure -> undecided(token, failure)));
  }

  private TokenVerdict ask(BearerCredential.Token token) {
    // Who asked just before may have got the answer between the look into the cache and here.
    Optional<TokenVerdict> known = cache.find(token.hash());
    if (known.isPresent()) {
      return known.get();
    }
    long before = evictions.get();
    TokenVerdict verdict = judge.ask(token, deadlines.get());
    if (verdict instanceof TokenVerdict.Undecided undecided) {
      return undecided(token, undecided.failure());
    }
    if (verdict instanceof TokenVerdict.Rejected) {
      if (judge.remembersBad(token)) {
        cache.keepBad(token.hash());
      } else {
        cache.forget(token.hash());
      }
    }
    return keep(token, verdict, before);
  }

  // Only where an operator allowed it, never past exp, and never silently (TH-BEAR-15).
  private TokenVerdict undecided(BearerCredential.Token token, OpFailure failure) {
    Optional<TokenVerdict> stale = cache.findStale(token.hash());
    stale.ifPresent(
        verdict ->
            LOG.warn(
                "the OP cannot be asked ({}): access token {} is still taken by what was said of it"
                    + " before, as bearer.stale-grace allows",
                failure.reason(),
                token.hash()));
    return stale.orElseGet(() -> new TokenVerdict.Undecided(failure));
  }

  /** Keeps no answer that may be older than a logout or a revocation (TH-BEAR-16). */
  private TokenVerdict keep(BearerCredential.Token token, TokenVerdict verdict, long before) {
    if (verdict instanceof TokenVerdict.Active active && evictions.get() == before) {
      cache.keep(token.hash(), active);
      if (evictions.get() != before) {
        cache.forget(token.hash());
      }
    }
    return verdict;
  }

  @Override
  public void forget(Secret accessToken) {
    evictions.incrementAndGet();
    cache.forget(TokenHash.of(accessToken));
  }

  @Override
  public void forgetSubject(String issuer, String subject) {
    evictions.incrementAndGet();
    cache.forgetSubject(issuer, subject);
  }

  @Override
  public CacheFigures cacheFigures() {
    return new CacheFigures(hits.sum(), misses.sum(), cache.size());
  }

  @Override
  public void close() {
    calls.close();
  }
}
