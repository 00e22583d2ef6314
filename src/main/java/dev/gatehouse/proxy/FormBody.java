package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;

/** Collects the small body of a form that is sent to the gateway itself. */
final class FormBody {
  private FormBody() {}

  /**
   * All bytes of the body.
   *
   * @return a stage that fails with {@link ClientBody.TooLarge} where there are more than {@code
   *     maxBytes}, before they are read where the length is announced
   */
  static CompletionStage<byte[]> read(
      Request request, int maxBytes, GatehouseConfig.Limits.Pace pace) {
    if (request.getLength() > maxBytes) {
      return CompletableFuture.failedStage(new ClientBody.TooLarge(maxBytes));
    }
    CompletableFuture<byte[]> bytes = new CompletableFuture<>();
    Content.Source.asByteArrayAsync(
        new ClientBody(request, maxBytes, pace), maxBytes, Promise.Invocable.toPromise(bytes));
    return bytes;
  }
}
