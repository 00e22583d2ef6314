package dev.gatehouse.gate;

import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.backchannel.OpThreads;
import dev.gatehouse.oidc.OpenIdProvider;
import dev.gatehouse.oidc.RevocationOutcome;
import dev.gatehouse.oidc.TokenTypeHint;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.session.SessionTokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back to the OP what nobody here needs any more (RFC 7009 §2): the refresh token first, then
 * the access token (TH-OUT-4). Nobody waits for it. What the OP does not take now is offered again
 * a few times; what waits is lost with the process. Safe for concurrent use.
 */
final class TokenReturn implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenReturn.class);

  /** Pauses before further attempts; after the last the token lives until it expires. */
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(2),
          Duration.ofSeconds(15),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5));

  private static final int MAX_WAITING = 1_000;

  private final Function<String, Optional<OpenIdProvider>> providers;
  private final OpExecutor calls;
  private final Consumer<Secret> forget;
  private final ScheduledThreadPoolExecutor later = OpThreads.timer("gatehouse-token-return");

  private record Owed(OpenIdProvider provider, Secret token, TokenTypeHint hint) {}

  /**
   * @param providers the OP of an issuer; empty where it is none of ours any more
   * @param forget told of an access token that is good no more (TH-BEAR-16)
   */
  TokenReturn(
      Function<String, Optional<OpenIdProvider>> providers,
      OpExecutor calls,
      Consumer<Secret> forget) {
    this.providers = providers;
    this.calls = calls;
    this.forget = forget;
  }

  /** Gives back the tokens of a session, or of a login that made none; returns at once. */
  void giveBack(String issuer, SessionTokens tokens) {
    tokens.accessToken().ifPresent(forget);
    providers
        .apply(issuer)
        .ifPresent(
            op ->
                inTurn(
                    tokens
                        .refreshToken()
                        .map(token -> new Owed(op, token, TokenTypeHint.REFRESH_TOKEN)),
                    tokens
                        .accessToken()
                        .map(token -> new Owed(op, token, TokenTypeHint.ACCESS_TOKEN))));
  }

  private void inTurn(Optional<Owed> refreshToken, Optional<Owed> accessToken) {
    CompletionStage<Void> first =
        refreshToken
            .map(owed -> attempt(owed, 0))
            .orElseGet(() -> CompletableFuture.completedFuture(null));
    accessToken.ifPresent(owed -> first.thenCompose(tried -> attempt(owed, 0)));
  }

  /** The stage completes when the OP has answered this attempt, well or not. */
  private CompletionStage<Void> attempt(Owed owed, int earlier) {
    return calls
        .call(
            () -> owed.provider().revoke(owed.token(), owed.hint()),
            failure -> RevocationOutcome.LATER)
        .handle(
            (outcome, bug) -> {
              if (bug != null) {
                LOG.error("giving back a {} failed", owed.hint(), bug);
              } else if (outcome == RevocationOutcome.LATER) {
                again(owed, earlier);
              }
              return null;
            });
  }

  private void again(Owed owed, int earlier) {
    if (earlier >= PAUSES.size() || later.getQueue().size() >= MAX_WAITING) {
      LOG.warn("the OP did not take back a {}; it lives until it expires", owed.hint());
      return;
    }
    try {
      later.schedule(
          () -> attempt(owed, earlier + 1), PAUSES.get(earlier).toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      LOG.debug("closed: a {} is not offered again", owed.hint());
    }
  }

  /** Offers nothing again. */
  @Override
  public void close() {
    OpThreads.end(later);
  }
}
