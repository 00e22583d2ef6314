package dev.gatehouse.servlet;

import dev.gatehouse.gate.ClientRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A servlet request as the gate sees it. Copies nothing; used by the container's thread alone. */
final class ServletExchange implements ClientRequest {
  private static final String HOST = "Host";
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  private final HttpServletRequest request;

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
    return hosts.isEmpty() && !request.getProtocol().startsWith("HTTP/1")
        ? serverAuthority()
        : null;
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

  /** Where the container found the servlet (Servlet 5.0 §3.5), welcome file included. */
  @Override
  public Optional<String> mappedPath() {
    String pathInfo = request.getPathInfo();
    return Optional.of(
        pathInfo == null ? request.getServletPath() : request.getServletPath() + pathInfo);
  }
}
