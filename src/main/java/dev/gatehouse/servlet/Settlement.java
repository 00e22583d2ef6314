package dev.gatehouse.servlet;

import dev.gatehouse.gate.BodyRelay;
import dev.gatehouse.gate.Decider;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.page.Page;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Brings one decision to its end on the container's thread: reads the body that the gate asks for
 * and waits for what the OP says, which takes no longer than the deadline of calls to the OP.
 */
final class Settlement {
  private final Decider decider;
  private final HttpServletRequest request;
  private final ServletExchange exchange;

  Settlement(Decider decider, HttpServletRequest request) {
    this.decider = decider;
    this.request = request;
    this.exchange = new ServletExchange(request);
  }

  /**
   * A decision that is neither pending nor in need of a body.
   *
   * @throws IOException if the client's body cannot be read
   */
  Decision settle() throws IOException {
    try {
      Decision decision = decider.decide(exchange);
      while (true) {
        if (decision instanceof Decision.Pending pending) {
          decision = await(pending);
        } else if (decision instanceof Decision.NeedsBody needsBody) {
          decision = withBody(needsBody);
        } else if (decision instanceof Decision.PeeksBody peeksBody) {
          decision = peeksBody.then().apply(exchange.peek(peeksBody.maxBytes()));
        } else {
          return decision;
        }
      }
    } catch (RuntimeException bug) {
      return internalError(bug);
    }
  }

  /**
   * The body that the app gets; empty where it reads the container's own.
   *
   * @param relay what becomes of it
   */
  Optional<AppBody> body(Optional<BodyRelay> relay) throws IOException {
    return exchange.body(relay);
  }

  private Decision withBody(Decision.NeedsBody needsBody) throws IOException {
    Optional<byte[]> body = RequestBody.read(request, needsBody.maxBytes());
    return body.isPresent()
        ? needsBody.then().apply(body.get())
        : decider.failure(
            exchange,
            HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
            Page.Kind.TOO_LARGE,
            "body-too-large",
            null);
  }

  private Decision await(Decision.Pending pending) {
    if (!pending.room().enter()) {
      return pending.crowded().get();
    }
    try {
      return pending.outcome().toCompletableFuture().get();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return decider.failure(
          exchange,
          HttpServletResponse.SC_SERVICE_UNAVAILABLE,
          Page.Kind.OP_UNAVAILABLE,
          "interrupted",
          stopping);
    } catch (ExecutionException bug) {
      return internalError(bug.getCause());
    } finally {
      pending.room().leave();
    }
  }

  private Decision internalError(Throwable cause) {
    return decider.failure(
        exchange,
        HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
        Page.Kind.INTERNAL_ERROR,
        "internal-error",
        cause);
  }
}
