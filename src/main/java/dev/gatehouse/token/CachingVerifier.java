package dev.gatehouse.token;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.seal.Secret;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Remembers what a {@link TokenJudge} found out, and lets it work on threads of its own. An answer
 * is used again for a short while, a failure never (TH-BEAR-13). Safe for concurrent use.
 */
final class CachingVerifier implements TokenVerifier {
  private final Supplier<Deadline> deadlines;
  private final TokenJudge judge;
  private final OpExecutor calls;
  private final VerdictCache cache;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final SingleFlight flights = new SingleFlight();

  CachingVerifier(Clock clock, Supplier<Deadline> deadlines, TokenJudge judge, OpExecutor calls) {
    this.deadlines = deadlines;
    this.judge = judge;
    this.calls = calls;
    this.cache = new VerdictCache(clock);
  }

  @Override
  public Optional<TokenVerdict> atOnce(BearerCredential.Token token) {
    Optional<TokenVerdict> known = cache.find(token.hash());
    if (known.isPresent()) {
      hits.increment();
      return known;
    }
    misses.increment();
    return judge.atOnce(token).map(verdict -> keep(token, verdict));
  }

  @Override
  public CompletionStage<TokenVerdict> verify(BearerCredential.Token token) {
    return flights.join(
        token.hash(), () -> calls.call(() -> ask(token), TokenVerdict.Undecided::new));
  }

  private TokenVerdict ask(BearerCredential.Token token) {
    // Who asked just before may have got the answer between the look into the cache and here.
    Optional<TokenVerdict> known = cache.find(token.hash());
    if (known.isPresent()) {
      return known.get();
    }
    TokenVerdict verdict = judge.ask(token, deadlines.get());
    if (verdict instanceof TokenVerdict.Rejected && judge.remembersBadTokens()) {
      cache.keepBad(token.hash());
    }
    return keep(token, verdict);
  }

  private TokenVerdict keep(BearerCredential.Token token, TokenVerdict verdict) {
    if (verdict instanceof TokenVerdict.Active active) {
      cache.keep(token.hash(), active);
    }
    return verdict;
  }

  @Override
  public void forget(Secret accessToken) {
    cache.forget(TokenHash.of(accessToken));
  }

  @Override
  public void forgetSubject(String issuer, String subject) {
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
