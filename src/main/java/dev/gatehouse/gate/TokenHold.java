package dev.gatehouse.gate;

import dev.gatehouse.token.BearerCredential;
import dev.gatehouse.token.TokenVerdict;
import dev.gatehouse.token.TokenVerifier;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Whether a WebSocket may go on that was opened with an access token: as long as a request with
 * that token would pass (TH-HTTP-11). Asked now and then by a thread that must not wait: where the
 * OP has to be asked first, it is, and the connection goes on until it has answered. An OP that
 * cannot be asked ends it.
 */
final class TokenHold implements Predicate<Boolean> {
  private final TokenVerifier tokens;
  private final BearerCredential.Token token;
  private final Predicate<TokenVerdict.Active> stillPasses;
  private CompletionStage<TokenVerdict> asked; // guarded by this

  /**
   * @param stillPasses whether what is known now of the token would let the request pass
   */
  TokenHold(
      TokenVerifier tokens,
      BearerCredential.Token token,
      Predicate<TokenVerdict.Active> stillPasses) {
    this.tokens = tokens;
    this.token = token;
    this.stillPasses = stillPasses;
  }

  /** Use makes no token live longer. */
  @Override
  public synchronized boolean test(Boolean used) {
    Optional<TokenVerdict> known = tokens.atOnce(token);
    if (known.isPresent()) {
      asked = null;
      return passes(known.get());
    }
    if (asked == null) {
      asked = tokens.verify(token);
    }
    CompletableFuture<TokenVerdict> answer = asked.toCompletableFuture();
    if (!answer.isDone()) {
      return true;
    }
    asked = null;
    return !answer.isCompletedExceptionally() && passes(answer.join());
  }

  private boolean passes(TokenVerdict verdict) {
    return verdict instanceof TokenVerdict.Active active && stillPasses.test(active);
  }
}
