package dev.gatehouse.proxy;

import dev.gatehouse.gate.AnswerPolicy;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.page.Page;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * One request at the app and its answer, streamed to the client as fast as the client takes it and
 * no faster. What fails before the answer has begun becomes a page; what fails later breaks the
 * client's connection, since an end would look like success.
 */
final class UpstreamExchange
    implements Response.HeadersListener, Response.ContentSourceListener, Response.CompleteListener {
  /** Where the client's request keeps its exchange. */
  static final String ATTRIBUTE = UpstreamExchange.class.getName();

  private enum Stage {
    WAITING,
    RELAYING,
    FAILED
  }

  private final ProxyExchange exchange;
  private final AnswerPolicy policy;
  private final PublicLocations locations;
  private final UpstreamRequest request;
  private final ClientBody body;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
  private final AtomicBoolean ended = new AtomicBoolean();

  /**
   * @param body null where the client sends none
   */
  UpstreamExchange(
      ProxyExchange exchange,
      AnswerPolicy policy,
      PublicLocations locations,
      UpstreamRequest request,
      ClientBody body) {
    this.exchange = exchange;
    this.policy = policy;
    this.locations = locations;
    this.request = request;
    this.body = body;
  }

  void begin() {
    request.attribute(ATTRIBUTE, this);
    request.send(this);
  }

  /** An answer of status 1xx; the proper one follows (RFC 9110 §15.2). */
  void interim(int status, HttpFields fields) {
    boolean understood =
        exchange.request().getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_0;
    if (understood && stage.get() == Stage.WAITING) {
      HttpFields.Mutable to = HttpFields.build();
      copy(fields, to);
      exchange.response().writeInterim(status, to);
    }
  }

  @Override
  public void onHeaders(Response response) {
    if (isUpgrade(response)) {
      request.abort(new IOException("the app switched protocols unasked"));
      return;
    }
    exchange.response().setStatus(response.getStatus());
    HttpFields.Mutable to = exchange.response().getHeaders();
    copy(response.getHeaders(), to);
    for (HeaderField field : policy.defaults()) {
      if (!to.contains(field.name())) {
        to.add(field.name(), field.value());
      }
    }
    for (HeaderField field : policy.added()) {
      to.add(field.name(), field.value());
    }
  }

  private static boolean isUpgrade(Response response) {
    return response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101;
  }

  private void copy(HttpFields from, HttpFields.Mutable to) {
    HopByHop hopByHop = HopByHop.of(from);
    for (HttpField field : from) {
      if (hopByHop.includes(field)) {
        continue;
      }
      String original = field.getValue() == null ? "" : field.getValue();
      String value = policy.field(field.getName(), locations.rewrite(field, original));
      if (value == null) {
        continue;
      }
      HttpField changed = value.equals(original) ? field : new HttpField(field.getName(), value);
      if (field.getHeader() == HttpHeader.DATE) {
        to.put(changed); // instead of the gateway's own
      } else {
        to.add(changed);
      }
    }
  }

  @Override
  public void onContentSource(Response response, Content.Source source) {
    if (!isUpgrade(response)) {
      new Relay(source).iterate();
    }
  }

  @Override
  public void onComplete(Result result) {
    // An answer that came whole is the relay's to end, also where the request failed beside it.
    if (result.getResponseFailure() != null && !ended.get()) {
      fail(result.getFailure());
    }
  }

  private void fail(Throwable upstreamFailure) {
    Throwable clientFailure = body == null ? null : body.failure();
    Throwable cause = clientFailure != null ? clientFailure : upstreamFailure;
    if (!stage.compareAndSet(Stage.WAITING, Stage.FAILED)) {
      breakOff(cause);
    } else if (clientFailure == null && upstreamFailure instanceof TimeoutException && awaited()) {
      // Both connections were idle, and it was the client that should have moved.
      answer(408, Page.Kind.BAD_REQUEST, "body-too-slow", upstreamFailure);
    } else if (clientFailure == null) {
      answerFor(upstreamFailure);
    } else if (clientFailure instanceof ClientBody.TooLarge) {
      answer(413, Page.Kind.TOO_LARGE, "body-too-large", clientFailure);
    } else {
      // Jetty lets nobody write after it has refused what the client sent; it answers itself.
      end(() -> exchange.callback().failed(refusal(clientFailure)));
    }
  }

  private boolean awaited() {
    return body != null && body.awaited();
  }

  private static Throwable refusal(Throwable failure) {
    return failure instanceof TimeoutException
        ? new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408, failure)
        : failure;
  }

  private void answerFor(Throwable failure) {
    if (failure instanceof TimeoutException || failure instanceof SocketTimeoutException) {
      answer(504, Page.Kind.UPSTREAM_TIMEOUT, "upstream-timeout", failure);
    } else if (failure instanceof RejectedExecutionException) {
      answer(503, Page.Kind.UPSTREAM_UNAVAILABLE, "upstream-busy", failure);
    } else if (failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException
        || failure instanceof UnresolvedAddressException) {
      answer(502, Page.Kind.UPSTREAM_UNAVAILABLE, "upstream-down", failure);
    } else {
      answer(502, Page.Kind.UPSTREAM_FAILED, "upstream-failed", failure);
    }
  }

  private void answer(int status, Page.Kind kind, String reason, Throwable cause) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    Callback callback = exchange.callback();
    if (body == null) {
      exchange.fail(status, kind, reason, cause, callback);
    } else if (body.complete()) {
      exchange.fail(status, kind, reason, cause, released(callback));
    } else {
      exchange.failAndClose(status, kind, reason, cause, released(callback));
    }
  }

  private Callback released(Callback callback) {
    return Callback.from(() -> body.release(callback::succeeded), callback::failed);
  }

  /** Ends the client's connection so that nobody takes what has come for all there is. */
  private void breakOff(Throwable cause) {
    end(
        () -> {
          ConnectionReset.of(exchange.request(), cause);
          exchange.callback().failed(cause);
        });
  }

  private void end(Runnable how) {
    if (ended.compareAndSet(false, true)) {
      if (body == null) {
        how.run();
      } else {
        body.release(how);
      }
    }
  }

  /** Copies the answer's body, and so the answer: Jetty sends the head with the first write. */
  private final class Relay extends IteratingCallback {
    private final Content.Source source;
    private Content.Chunk chunk;
    private boolean begun;
    private boolean allRead;

    Relay(Content.Source source) {
      this.source = source;
    }

    @Override
    protected Action process() {
      if (allRead) {
        return Action.SUCCEEDED;
      }
      Content.Chunk next = source.read();
      if (next == null) {
        return waitForMore();
      }
      if (Content.Chunk.isFailure(next)) {
        request.abort(next.getFailure());
        return Action.IDLE; // onComplete tells, and ends the exchange
      }
      if (!begin()) {
        next.release();
        return Action.IDLE;
      }
      chunk = next;
      allRead = next.isLast();
      exchange.response().write(allRead, next.getByteBuffer(), this);
      return Action.SCHEDULED;
    }

    /** The head must not wait for a body that comes later: events, long answers. */
    private Action waitForMore() {
      if (!begun && begin()) {
        exchange.response().write(false, BufferUtil.EMPTY_BUFFER, this);
        return Action.SCHEDULED;
      }
      source.demand(this::iterate);
      return Action.IDLE;
    }

    private boolean begin() {
      begun = begun || stage.compareAndSet(Stage.WAITING, Stage.RELAYING);
      return begun;
    }

    @Override
    protected void onSuccess() {
      releaseChunk();
    }

    @Override
    protected void onCompleteSuccess() {
      // RFC 9112 §9.6: an answer before the request's end makes that connection useless.
      if (body != null && !body.complete()) {
        request.abort(new IOException("answered before the end of the request"));
      }
      end(exchange.callback()::succeeded);
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
      releaseChunk();
      request.abort(cause);
      end(() -> exchange.callback().failed(cause));
    }

    private void releaseChunk() {
      if (chunk != null) {
        chunk.release();
        chunk = null;
      }
    }
  }
}
