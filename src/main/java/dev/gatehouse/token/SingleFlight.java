package dev.gatehouse.token;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Lets callers with the same token share one call to the OP (TH-DOS-6). Holds no thread while they
 * wait. Safe for concurrent use.
 */
final class SingleFlight {
  private final Map<TokenHash, CompletableFuture<TokenVerdict>> underWay =
      new ConcurrentHashMap<>();

  /** The outcome of {@code call}, or of an earlier one for the same token that is under way. */
  CompletionStage<TokenVerdict> join(
      TokenHash token, Supplier<CompletionStage<TokenVerdict>> call) {
    CompletableFuture<TokenVerdict> mine = new CompletableFuture<>();
    CompletableFuture<TokenVerdict> running = underWay.putIfAbsent(token, mine);
    if (running != null) {
      return running;
    }
    call.get()
        .whenComplete(
            (verdict, bug) -> {
              underWay.remove(token, mine);
              if (bug == null) {
                mine.complete(verdict);
              } else {
                mine.completeExceptionally(bug);
              }
            });
    return mine;
  }
}
