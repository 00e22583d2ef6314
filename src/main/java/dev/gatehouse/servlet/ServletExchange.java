package dev.gatehouse.servlet;

import dev.gatehouse.gate.BodyRelay;
import dev.gatehouse.gate.BodyStart;
import dev.gatehouse.gate.ClientRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A servlet request as the gate sees it. Copies nothing but the beginning of a body, where one is
 * asked for; used by the container's thread alone.
 */
final class ServletExchange implements ClientRequest {
  private static final String HOST = "Host";
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  private final HttpServletRequest request;

  /** Null where nobody has asked for the body. */
  private BodyPeek peek;

  ServletExchange(HttpServletRequest request) {
    this.request = request;
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  /** With the context path: the gate takes the base path of the public URL off. */
  @Override
  public String rawPath() {
    return request.getRequestURI();
  }

  @Override
  public String rawQuery() {
    return request.getQueryString();
  }

  /**
   * The one Host field. Containers refuse an absolute-form target whose authority is another than
   * Host's (RFC 9112 §3.2.2); HTTP/2 and HTTP/3 have {@code :authority} in its place, which some do
   * not show as a field (RFC 9113 §8.3.1).
   */
  @Override
  public String authority() {
    List<String> hosts = headers(HOST);
    if (hosts.size() == 1) {
      return hosts.get(0);
    }
    return hosts.isEmpty() && !isHttp1() ? serverAuthority() : null;
  }

  private boolean isHttp1() {
    return request.getProtocol().startsWith("HTTP/1");
  }

  private String serverAuthority() {
    int port = request.getServerPort();
    boolean defaultPort = port == (request.isSecure() ? 443 : 80);
    return defaultPort ? request.getServerName() : request.getServerName() + ":" + port;
  }

  @Override
  public boolean secure() {
    return request.isSecure();
  }

  @Override
  public String peerAddress() {
    return request.getRemoteAddr();
  }

  @Override
  public String header(String name) {
    return request.getHeader(name);
  }

  @Override
  public List<String> headers(String name) {
    return Collections.list(request.getHeaders(name));
  }

  /** As the container tells it (Servlet 5.0 §3.10). */
  @Override
  public Optional<X509Certificate> clientCertificate() {
    return request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain && chain.length > 0
        ? Optional.of(chain[0])
        : Optional.empty();
  }

  /**
   * In HTTP/2 and HTTP/3 a body needs no field, and no method of the servlet API tells in every
   * container whether one follows: the first byte does, or the end in its place. Waits for it as
   * long as the container lets it; where it cannot be read there may be one.
   */
  @Override
  public boolean hasBody() {
    if (isHttp1() || header("Content-Length") != null) {
      return ClientRequest.super.hasBody();
    }
    try {
      peek(1);
      return !peek.foundNothing();
    } catch (IOException unreadable) {
      return true;
    }
  }

  /**
   * Reads the beginning of the body ahead; waits for the client as long as the container lets it.
   *
   * @throws IOException if the client's body cannot be read
   */
  BodyStart peek(int maxBytes) throws IOException {
    peek = peek == null ? BodyPeek.of(request, maxBytes) : peek.upTo(maxBytes);
    return peek.start();
  }

  /**
   * The body that the app gets; empty where it reads the container's own.
   *
   * @param relay what becomes of it
   */
  Optional<AppBody> body(Optional<BodyRelay> relay) throws IOException {
    return peek == null ? Optional.empty() : peek.goingOn(relay);
  }

  /** Where the container found the servlet (Servlet 5.0 §3.5), welcome file included. */
  @Override
  public Optional<String> mappedPath() {
    String pathInfo = request.getPathInfo();
    return Optional.of(
        pathInfo == null ? request.getServletPath() : request.getServletPath() + pathInfo);
  }
}
