package dev.gatehouse.token;

import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.oidc.OpConnection;
import dev.gatehouse.seal.Secret;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Judges access tokens by asking the OP (RFC 7662). An answer is used again for a short while, a
 * failure never. Safe for concurrent use.
 */
final class IntrospectionVerifier implements TokenVerifier {
  private final OpConnection connection;
  private final IntrospectionEndpoint endpoint;
  private final OpExecutor calls;
  private final VerdictCache cache;
  private final SingleFlight flights = new SingleFlight();

  IntrospectionVerifier(OpConnection connection, IntrospectionEndpoint endpoint, OpExecutor calls) {
    this.connection = connection;
    this.endpoint = endpoint;
    this.calls = calls;
    this.cache = new VerdictCache(connection.clock());
  }

  @Override
  public Optional<TokenVerdict> atOnce(BearerCredential.Token token) {
    return cache.find(token.hash());
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
    TokenVerdict verdict = endpoint.ask(token, connection.deadline());
    if (verdict instanceof TokenVerdict.Active active) {
      cache.keep(token.hash(), active);
    } else if (verdict instanceof TokenVerdict.Rejected) {
      cache.keepBad(token.hash());
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
