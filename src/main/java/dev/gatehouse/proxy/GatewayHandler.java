package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.BodyStart;
import dev.gatehouse.gate.Decider;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.page.Page;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Asks the engine about each request and carries out what it says. Of its own it refuses only what
 * is too large or no HTTP/1.1. Never blocks: neither does the engine.
 */
final class GatewayHandler extends Handler.Abstract.NonBlocking {
  private final Decider gate;
  private final Upstream upstream;
  private final GatehouseConfig.Limits limits;

  GatewayHandler(Decider gate, Upstream upstream, GatehouseConfig.Limits limits) {
    this.gate = gate;
    this.upstream = upstream;
    this.limits = limits;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    // While the app works, nothing moves on the client's connection: that has its own deadline.
    request.addIdleTimeoutListener(timeout -> false);
    if (usedUp(request)) {
      response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
    }
    ProxyExchange exchange = new ProxyExchange(request, response, callback, gate, limits);
    if (!refused(exchange)) {
      carryOut(exchange, decided(exchange, () -> gate.decide(exchange)));
    }
    return true;
  }

  private boolean usedUp(Request request) {
    int most = limits.connections().maxRequests();
    ConnectionMetaData connection = request.getConnectionMetaData();
    return most > 0
        && connection.getHttpVersion() != HttpVersion.HTTP_2
        && connection.getConnection().getMessagesIn() >= most;
  }

  private boolean refused(ProxyExchange exchange) {
    Request request = exchange.request();
    HttpURI uri = request.getHttpURI();
    HttpFields fields = request.getHeaders();
    if (targetLength(uri) > limits.maxUrlBytes()) {
      return refuse(exchange, 414, Page.Kind.TOO_LARGE, "url-too-long");
    }
    if (ProxyExchange.isHttp2(request) && Http2Head.size(uri, fields) > limits.maxHeadBytes()) {
      return refuse(exchange, 431, Page.Kind.TOO_LARGE, "head-too-large");
    }
    if (fields.size() > limits.maxHeaderFields()) {
      return refuse(exchange, 431, Page.Kind.TOO_LARGE, "too-many-fields");
    }
    if (limits.maxBodyBytes() >= 0 && request.getLength() > limits.maxBodyBytes()) {
      return refuse(exchange, 413, Page.Kind.TOO_LARGE, "body-too-large");
    }
    if (misframed(request) || mistargeted(request)) {
      return refuse(exchange, 400, Page.Kind.BAD_REQUEST, "bad-request");
    }
    return false;
  }

  private static boolean refuse(ProxyExchange exchange, int status, Page.Kind kind, String reason) {
    // Of a body without a clear end nothing can be awaited.
    Callback ending = status == 400 ? exchange.callback() : exchange.afterBody();
    exchange.failAndClose(status, kind, reason, null, ending);
    return true;
  }

  private static int targetLength(HttpURI uri) {
    int path = uri.getPath() == null ? 0 : uri.getPath().length();
    return uri.getQuery() == null ? path : path + 1 + uri.getQuery().length();
  }

  /**
   * RFC 9112 §6: one coding, one length of digits, and never both. Jetty takes more, such as {@code
   * gzip, chunked} and {@code +3}; what stands in front or behind may read it differently.
   */
  private static boolean misframed(Request request) {
    int codings = 0;
    int lengths = 0;
    for (HttpField field : request.getHeaders()) {
      if (field.getHeader() == HttpHeader.TRANSFER_ENCODING) {
        codings++;
        if (!"chunked".equalsIgnoreCase(field.getValue())) {
          return true;
        }
      } else if (field.getHeader() == HttpHeader.CONTENT_LENGTH) {
        lengths++;
        String value = field.getValue();
        if (value == null
            || value.isEmpty()
            || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
          return true;
        }
      }
    }
    boolean old = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0;
    return codings + lengths > 1 || codings > 0 && old;
  }

  /**
   * RFC 9112 §3.2: a target in origin-form or absolute-form, or {@code *} for OPTIONS. CONNECT is
   * the engine's to refuse.
   */
  private static boolean mistargeted(Request request) {
    HttpURI uri = request.getHttpURI();
    String path = uri.getPath();
    if (path == null || HttpMethod.CONNECT.is(request.getMethod())) {
      return false;
    }
    boolean web =
        "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    boolean asterisk = path.equals("*") && HttpMethod.OPTIONS.is(request.getMethod());
    return !web || !path.startsWith("/") && !asterisk;
  }

  private Decision decided(ProxyExchange exchange, Supplier<Decision> decision) {
    try {
      return decision.get();
    } catch (RuntimeException bug) {
      return gate.failure(exchange, 500, Page.Kind.INTERNAL_ERROR, "internal-error", bug);
    }
  }

  private void carryOut(ProxyExchange exchange, Decision decision) {
    if (decision instanceof Decision.ToApp toApp) {
      exchange.judgedAs(toApp.forward().path());
      upstream.send(exchange, toApp);
    } else if (decision instanceof Decision.Pending pending) {
      pending
          .outcome()
          .whenComplete(
              (later, bug) ->
                  ending(
                      exchange,
                      () ->
                          carryOut(
                              exchange,
                              bug == null
                                  ? later
                                  : gate.failure(
                                      exchange,
                                      500,
                                      Page.Kind.INTERNAL_ERROR,
                                      "internal-error",
                                      bug))));
    } else if (decision instanceof Decision.NeedsBody needsBody) {
      FormBody.read(exchange.request(), needsBody.maxBytes(), limits.pace())
          .whenComplete(
              (bytes, failure) ->
                  ending(
                      exchange,
                      () -> continueWith(exchange, () -> needsBody.then().apply(bytes), failure)));
    } else if (decision instanceof Decision.PeeksBody peek) {
      peek(exchange, peek);
    } else if (decision instanceof Decision.Answer answer) {
      exchange.answer(answer);
    } else {
      throw new IllegalStateException("the gate has not decided");
    }
  }

  /**
   * Takes a step on which nobody waits: a stage would swallow what fails there, and the client's
   * request would never end.
   */
  private static void ending(ProxyExchange exchange, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error bug) {
      exchange.callback().failed(bug);
    }
  }

  private void peek(ProxyExchange exchange, Decision.PeeksBody peek) {
    if (!exchange.hasBody()) {
      carryOut(exchange, decided(exchange, () -> peek.then().apply(BodyStart.nothing())));
      return;
    }
    exchange
        .peek(peek.maxBytes())
        .whenComplete(
            (start, failure) ->
                ending(
                    exchange,
                    () -> continueWith(exchange, () -> peek.then().apply(start), failure)));
  }

  private void continueWith(
      ProxyExchange exchange, Supplier<Decision> decision, Throwable failure) {
    if (failure == null) {
      carryOut(exchange, decided(exchange, decision));
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ClientBody.TooLarge) {
      refuse(exchange, 413, Page.Kind.TOO_LARGE, "body-too-large");
    } else if (cause instanceof ClientBody.TooSlow) {
      refuse(exchange, 408, Page.Kind.BAD_REQUEST, "body-too-slow");
    } else if (cause instanceof TimeoutException) {
      // Jetty lets nobody write after it has given a client up; it answers itself.
      exchange
          .callback()
          .failed(new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408, cause));
    } else {
      exchange.callback().failed(cause);
    }
  }
}
