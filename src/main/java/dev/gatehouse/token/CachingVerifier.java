package dev.gatehouse.token;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.oidc.OpConnection;
import dev.gatehouse.seal.Secret;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Remembers what a {@link TokenJudge} found out, and lets it work on threads of its own. An answer
 * is used again for a short while, a failure never (TH-BEAR-13). Safe for concurrent use.
 */
final class CachingVerifier implements TokenVerifier {
  private final OpConnection connection;
  private final TokenJudge judge;
  private final OpExecutor calls;
  private final VerdictCache cache;
  private final SingleFlight flights = new SingleFlight();

  CachingVerifier(OpConnection connection, TokenJudge judge, OpExecutor calls) {
    this.connection = connection;
    this.judge = judge;
    this.calls = calls;
    this.cache = new VerdictCache(connection.clock());
  }

  @Override
  public Optional<TokenVerdict> atOnce(BearerCredential.Token token) {
    return cache.find(token.hash()).or(() -> judge.atOnce(token).map(known -> keep(token, known)));
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
    Deadline deadline = connection.deadline();
    Optional<OpFailure> unknownOp = connection.discovery().discover(deadline);
    if (unknownOp.isPresent()) {
      return new TokenVerdict.Undecided(unknownOp.get());
    }
    TokenVerdict verdict = judge.ask(token, deadline);
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
  public void close() {
    calls.close();
  }
}
