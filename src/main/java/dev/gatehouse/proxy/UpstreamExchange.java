package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.BodyWatch;
import dev.gatehouse.ops.GatewayMetrics;
import dev.gatehouse.page.Page;
import java.io.IOException;
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
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;

/**
 * One request at the app and its answer, streamed to the client as fast as the client takes it and
 * no faster. What fails before the answer has begun becomes a page; what fails later breaks the
 * client's connection, since an end would look like success.
 */
final class UpstreamExchange
    implements Response.HeadersListener,
        Response.ContentSourceListener,
        Response.FailureListener,
        Response.CompleteListener {
  /** Where the client's request keeps its exchange. */
  static final String ATTRIBUTE = UpstreamExchange.class.getName();

  private enum Stage {
    WAITING,
    RELAYING,
    FAILED
  }

  private final ProxyExchange exchange;
  private final AnswerFields fields;
  private final Onward onward;
  private final ClientBody body;
  private final TunnelMaker tunnels;
  private final GatehouseConfig.Limits limits;
  private final GatewayMetrics metrics;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Who looks at the answer's body; null for nobody. */
  private BodyWatch watch;

  /** What is under way; another one after a failure that cannot have had an effect. */
  private volatile UpstreamRequest request;

  private volatile Target target;
  private int place;

  /** A bit for the place of each target that it has been sent to. */
  private long tried;

  private boolean repeated;

  /** Whether what comes behind the answer's body goes on. */
  private boolean trailing;

  /** What goes on of it; null for none. */
  private HttpFields trailers;

  /** Why the client has reset its stream; null where it has not. */
  private volatile Throwable givenUp;

  /**
   * @param body null where the client sends none
   * @param tunnels what joins the connections of a WebSocket; null where none was asked for
   */
  UpstreamExchange(
      ProxyExchange exchange,
      AnswerFields fields,
      Onward onward,
      ClientBody body,
      TunnelMaker tunnels,
      GatehouseConfig.Limits limits,
      GatewayMetrics metrics) {
    this.exchange = exchange;
    this.fields = fields;
    this.onward = onward;
    this.body = body;
    this.tunnels = tunnels;
    this.limits = limits;
    this.metrics = metrics;
  }

  /** Joins two connections. */
  interface TunnelMaker {
    Tunnel join(EndPoint client, EndPoint app);
  }

  void begin() {
    if (ProxyExchange.isHttp2(exchange.request())) {
      // A reset costs the client nothing and makes room for another request: the app must not be
      // left with more of them than the client may have (RFC 9113 §10.5).
      exchange.request().addFailureListener(this::givenUp);
    }
    int first = onward.route().targets().choose(0);
    if (first < 0) {
      fail(UpstreamFault.NONE_WELL, new IOException("upstream " + onward.route().name()));
    } else {
      sendTo(first, false);
    }
  }

  /** The client wants no answer any more. */
  private void givenUp(Throwable failure) {
    givenUp = failure;
    UpstreamRequest running = request;
    if (running != null) {
      running.abort(failure);
    }
  }

  private void sendTo(int place, boolean fresh) {
    Target next = onward.route().targets().at(place);
    tried |= 1L << place;
    this.place = place;
    target = next;
    if (next.health() != null) {
      next.health().begun();
    }
    UpstreamRequest made = onward.upstream().request(exchange, onward, next, body);
    if (fresh) {
      made.onFreshConnection();
    }
    made.attribute(ATTRIBUTE, this);
    request = made;
    made.send(this);
    if (givenUp != null) {
      made.abort(givenUp);
    }
  }

  /** An answer of status 1xx; the proper one follows (RFC 9110 §15.2). */
  void interim(int status, HttpFields from) {
    boolean understood =
        exchange.request().getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_0;
    if (understood && stage.get() == Stage.WAITING && !fields.refused(from)) {
      HttpFields.Mutable to = HttpFields.build();
      fields.copy(from, to);
      exchange.response().writeInterim(status, to);
    }
  }

  @Override
  public void onHeaders(Response response) {
    boolean upgrade = response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101;
    if (upgrade && !tunnelGranted(response)) {
      request.abort(new IOException("the app switched protocols unasked"));
      return;
    }
    try {
      takeOver(response);
    } catch (RuntimeException bug) {
      // Jetty's client would log it and go on with an answer that nobody has judged.
      request.abort(bug);
    }
  }

  private void takeOver(Response response) {
    // Each call makes a copy that nobody changes.
    HttpFields from = response.getHeaders();
    if (misframed(response.getVersion(), from)) {
      request.abort(new IOException("nobody can tell where the app's answer ends"));
      return;
    }
    if (fields.refused(from)) {
      request.abort(new UpstreamFault.TokenInAnswer());
      return;
    }
    if (!limits.upstreamIdleTimeout().equals(limits.responseTimeout())) {
      appSide().setIdleTimeout(limits.upstreamIdleTimeout().toMillis());
    }
    if (target.health() != null) {
      target.health().answered(response.getStatus());
    }
    exchange.response().setStatus(response.getStatus());
    fields.copyAll(from, exchange.response().getHeaders());
    if (response.getStatus() == HttpStatus.NO_CONTENT_204) {
      // RFC 9110 §8.6 forbids it, and Jetty does not send what it announces.
      exchange.response().getHeaders().remove(HttpHeader.CONTENT_LENGTH);
    }
    if (from.contains(HttpHeader.TRANSFER_ENCODING)
        && TrailerSection.possible(exchange.request(), response.getStatus())) {
      trailing = true;
      exchange.response().setTrailersSupplier(() -> trailers);
    }
    watch =
        fields
            .policy()
            .watch(from.get(HttpHeader.CONTENT_TYPE), from.get(HttpHeader.CONTENT_ENCODING))
            .orElse(null);
  }

  /** RFC 9112 §6.1: what Jetty lets through of codings that others may not know, or not there. */
  private static boolean misframed(HttpVersion version, HttpFields fields) {
    HttpField coding = fields.getField(HttpHeader.TRANSFER_ENCODING);
    return version != HttpVersion.HTTP_1_1 && version != HttpVersion.HTTP_1_0
        || coding != null
            && (version == HttpVersion.HTTP_1_0 || !"chunked".equalsIgnoreCase(coding.getValue()));
  }

  /** Reads what is behind the answer's body; false where nobody may be given it. */
  boolean takeTrailers(Response response) {
    if (!trailing) {
      return true;
    }
    HttpFields section = response.getTrailers();
    if (section != null && !TrailerSection.isSound(section, limits)) {
      return false;
    }
    trailers = TrailerSection.toClient(section, response.getHeaders(), fields.policy());
    return true;
  }

  /** The client has the whole answer. */
  void answered() {
    if (body == null) {
      end(exchange.callback()::succeeded);
      return;
    }
    // RFC 9112 §9.6: an answer before the request's end makes that connection useless.
    if (!body.complete()) {
      request.abort(new IOException("answered before the end of the request"));
    }
    request.settled();
    end(exchange.afterBody()::succeeded);
  }

  /** Begins to relay; false where something else is what the client gets. */
  boolean relays() {
    return stage.compareAndSet(Stage.WAITING, Stage.RELAYING);
  }

  boolean isOver() {
    return ended.get();
  }

  ProxyExchange exchange() {
    return exchange;
  }

  UpstreamRequest request() {
    return request;
  }

  GatehouseConfig.Limits limits() {
    return limits;
  }

  /** Who looks at the answer's body; null for nobody. */
  BodyWatch watch() {
    return watch;
  }

  private boolean tunnelGranted(Response response) {
    return tunnels != null
        && WebSocketUpgrade.granted(
            exchange.request().getHeaders(), response.getStatus(), response.getHeaders());
  }

  @Override
  public void onContentSource(Response response, Content.Source source) {
    if (response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101) {
      source.read(); // its end, with which Jetty's client lets go of the connection
    } else {
      new AnswerRelay(this, source, response).iterate();
    }
  }

  @Override
  public void onFailure(Response response, Throwable failure) {
    request.settled();
  }

  @Override
  public void onComplete(Result result) {
    if (target.health() != null) {
      target.health().ended();
    }
    if (result.isSucceeded() && tunnelGranted(result.getResponse())) {
      openTunnel();
    } else if (result.getResponseFailure() != null && !ended.get()) {
      // An answer that came whole is the relay's to end, also where the request failed beside it.
      if (!sentAgain(result.getResponseFailure())) {
        fail(result.getFailure());
      }
    }
  }

  /**
   * Sends the request again where it cannot have had an effect: none of it was sent; or it has none
   * by its nature, and met a kept connection that the app was just closing (RFC 9110 §9.2.2).
   */
  private boolean sentAgain(Throwable failure) {
    if (givenUp != null || stage.get() != Stage.WAITING || body != null && body.failure() != null) {
      return false;
    }
    UpstreamFault fault = UpstreamFault.of(failure, request.neverSent());
    if (fault.reset() && !repeated && body == null && request.metSilence()) {
      if (!onward.repeatable(exchange.method())) {
        return false;
      }
      repeated = true;
      metrics.upstreamRepeated("connection-closed");
      sendTo(place, true);
      return true;
    }
    boolean nothingSent = fault.connecting() && request.neverSent();
    if (!nothingSent && !(fault.handshake() && body == null)) {
      return false;
    }
    int other = onward.route().targets().choose(tried);
    if (other < 0) {
      return false;
    }
    countAt(fault);
    metrics.upstreamRepeated(fault.reason());
    sendTo(other, false);
    return true;
  }

  /** What the failure tells of the target's health. */
  private void countAt(UpstreamFault fault) {
    if (target.health() == null) {
      return;
    }
    if (fault.ofTarget()) {
      target.health().failed();
    } else if (fault.timeout()) {
      target.health().timedOut();
    }
  }

  /** Jetty's client keeps it with the answer's head, and sets its idle timeout back at the end. */
  EndPoint appSide() {
    return (EndPoint) request.getConversation().getAttribute(EndPoint.class.getName());
  }

  private void openTunnel() {
    EndPoint client = exchange.request().getConnectionMetaData().getConnection().getEndPoint();
    Tunnel tunnel = tunnels.join(client, appSide());
    tunnel.joinApp();
    WebSocketUpgrade.put(exchange.response().getHeaders());
    exchange.request().setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, tunnel.clientSide());
    end(exchange.callback()::succeeded);
  }

  /** Tells the client what went wrong at the app, or with its own request. */
  void fail(Throwable upstreamFailure) {
    if (givenUp != null) {
      end(() -> exchange.callback().failed(givenUp));
      return;
    }
    Throwable clientFailure = body == null ? null : body.failure();
    Throwable cause = clientFailure != null ? clientFailure : upstreamFailure;
    if (!stage.compareAndSet(Stage.WAITING, Stage.FAILED)) {
      if (clientFailure == null) {
        metrics.upstreamFailed("upstream-broke-off");
      }
      breakOff(cause);
    } else if (clientFailure == null && upstreamFailure instanceof TimeoutException && awaited()) {
      // Both connections were idle, and it was the client that should have moved.
      answer(408, Page.Kind.BAD_REQUEST, "body-too-slow", upstreamFailure);
    } else if (clientFailure == null) {
      UpstreamFault fault = UpstreamFault.of(upstreamFailure, request.neverSent());
      countAt(fault);
      fail(fault, upstreamFailure);
    } else if (clientFailure instanceof ClientBody.TooSlow) {
      answer(408, Page.Kind.BAD_REQUEST, "body-too-slow", clientFailure);
    } else if (clientFailure instanceof ClientBody.TooLarge) {
      answer(413, Page.Kind.TOO_LARGE, "body-too-large", clientFailure);
    } else {
      // Jetty lets nobody write after it has refused what the client sent; it answers itself.
      end(() -> exchange.callback().failed(refusal(clientFailure)));
    }
  }

  private void fail(UpstreamFault fault, Throwable cause) {
    metrics.upstreamFailed(fault.reason());
    String where = target == null ? "upstream " + onward.route().name() : target.toString();
    answer(
        fault.status(), fault.kind(), fault.reason(), new UpstreamFault.Told(where, fault, cause));
  }

  private boolean awaited() {
    return body != null && body.awaited();
  }

  private static Throwable refusal(Throwable failure) {
    return failure instanceof TimeoutException
        ? new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408, failure)
        : failure;
  }

  private void answer(int status, Page.Kind kind, String reason, Throwable cause) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    if (body == null) {
      exchange.fail(status, kind, reason, cause, exchange.callback());
    } else if (body.complete()) {
      exchange.fail(status, kind, reason, cause, released(exchange.callback()));
    } else {
      exchange.failAndClose(status, kind, reason, cause, released(exchange.afterBody()));
    }
  }

  private Callback released(Callback callback) {
    return Callback.from(() -> body.release(callback::succeeded), callback::failed);
  }

  /** Ends the client's connection so that nobody takes what has come for all there is. */
  void breakOff(Throwable cause) {
    end(
        () -> {
          ConnectionReset.of(exchange.request(), cause);
          exchange.callback().failed(cause);
        });
  }

  /** Ends the exchange in that way, once the client's body is done with, unless it has ended. */
  void end(Runnable how) {
    if (ended.compareAndSet(false, true)) {
      if (body == null) {
        how.run();
      } else {
        body.release(how);
      }
    }
  }
}
