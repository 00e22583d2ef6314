package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.BodyStart;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;

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
    // More than that never comes out of the body, so that all of it is the beginning.
    return new PeekedBody(new ClientBody(request, maxBytes, pace), maxBytes + 1)
        .read()
        .thenApply(BodyStart::bytes);
  }
}
