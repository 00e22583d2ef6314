package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.BodyRelay;
import dev.gatehouse.gate.BodyStart;
import dev.gatehouse.gate.ClientRequest;
import dev.gatehouse.gate.Decider;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.gate.RequestPath;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.page.Page;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One client request in Jetty's terms, seen by the engine; and the way its answer goes. */
final class ProxyExchange implements ClientRequest {
  /** Where the access log finds the canonical path. */
  static final String PATH_ATTRIBUTE = "dev.gatehouse.path";

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final Decider gate;
  private final GatehouseConfig.Limits limits;
  private PeekedBody peeked;

  ProxyExchange(
      Request request,
      Response response,
      Callback callback,
      Decider gate,
      GatehouseConfig.Limits limits) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.gate = gate;
    this.limits = limits;
  }

  Request request() {
    return request;
  }

  Response response() {
    return response;
  }

  Callback callback() {
    return callback;
  }

  /** Ends the exchange after an answer that did not wait for the whole request. */
  Callback afterBody() {
    return Linger.before(callback, request, limits.headTimeout());
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String rawPath() {
    return request.getHttpURI().getPath();
  }

  @Override
  public String rawQuery() {
    return request.getHttpURI().getQuery();
  }

  @Override
  public String authority() {
    // Jetty fills the URI's authority from its own address where HTTP/1.0 sent no Host; only what
    // the client wrote counts. An absolute-form target equals Host, or Jetty has refused it.
    HttpURI uri = request.getHttpURI();
    List<String> hosts = request.getHeaders().getValuesList(HttpHeader.HOST);
    if (hosts.size() > 1 || hosts.isEmpty()) {
      return null;
    }
    return hosts.get(0).isEmpty() ? uri.getAuthority() : hosts.get(0);
  }

  @Override
  public boolean secure() {
    // Not what the scheme of the target says: that is the client's word.
    return request.getConnectionMetaData().isSecure();
  }

  @Override
  public String peerAddress() {
    return Request.getRemoteAddr(request);
  }

  @Override
  public String header(String name) {
    return request.getHeaders().get(name);
  }

  @Override
  public List<String> headers(String name) {
    return request.getHeaders().getValuesList(name);
  }

  @Override
  public Optional<X509Certificate> clientCertificate() {
    EndPoint.SslSessionData tls =
        request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
    return tls == null || tls.peerCertificates() == null || tls.peerCertificates().length == 0
        ? Optional.empty()
        : Optional.of(tls.peerCertificates()[0]);
  }

  @Override
  public Optional<String> mappedPath() {
    return Optional.empty();
  }

  /** Whether it came in HTTP/2, where each request is a stream of a connection. */
  static boolean isHttp2(Request request) {
    return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
  }

  /** In HTTP/2 the length is known to be 0 where there is none. */
  @Override
  public boolean hasBody() {
    return request.getLength() > 0
        || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        || request.getLength() < 0 && isHttp2(request);
  }

  /** Reads the beginning of the body ahead. */
  CompletionStage<BodyStart> peek(int maxBytes) {
    peeked = new PeekedBody(new ClientBody(request, limits), maxBytes);
    return peeked.read();
  }

  /** The body on its way to the app; null where there is none. */
  ClientBody body(Optional<BodyRelay> relay) {
    if (peeked != null) {
      return peeked.goingOn(relay);
    }
    return hasBody() ? new ClientBody(request, limits) : null;
  }

  /** Remembers the judged path for the access log. */
  void judgedAs(RequestPath path) {
    request.setAttribute(PATH_ATTRIBUTE, path.canonical());
  }

  /** Sends {@code answer}; nothing may have been sent before. */
  void answer(Decision.Answer answer) {
    answer(answer, afterBody());
  }

  private void answer(Decision.Answer answer, Callback completion) {
    response.setStatus(answer.status());
    HttpFields.Mutable fields = response.getHeaders();
    for (HeaderField field : answer.headers()) {
      fields.add(new HttpField(field.name(), field.octets()));
    }
    response.write(true, ByteBuffer.wrap(answer.body()), completion);
  }

  /** Sends the page for something that went wrong in this door. */
  void fail(int status, Page.Kind kind, String reason, Throwable cause) {
    fail(status, kind, reason, cause, callback);
  }

  /** As the other, with something to do when the page has been sent. */
  void fail(int status, Page.Kind kind, String reason, Throwable cause, Callback completion) {
    response.reset();
    answer(gate.failure(this, status, kind, reason, cause), completion);
  }

  /** As {@link #fail}, and the connection ends: what follows on it is nobody's request. */
  void failAndClose(
      int status, Page.Kind kind, String reason, Throwable cause, Callback completion) {
    response.reset();
    response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
    answer(gate.failure(this, status, kind, reason, cause), completion);
  }
}
