package dev.gatehouse.gate;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A request with another query than it came with.
 *
 * @param rawQuery null for none
 */
record OtherQuery(ClientRequest request, String rawQuery) implements ClientRequest {
  OtherQuery {
    Objects.requireNonNull(request, "request");
  }

  /** Without the query, which may hold anything. */
  @Override
  public String toString() {
    return "OtherQuery[" + method() + "]";
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String rawPath() {
    return request.rawPath();
  }

  @Override
  public String authority() {
    return request.authority();
  }

  @Override
  public boolean secure() {
    return request.secure();
  }

  @Override
  public String peerAddress() {
    return request.peerAddress();
  }

  @Override
  public String header(String name) {
    return request.header(name);
  }

  @Override
  public List<String> headers(String name) {
    return request.headers(name);
  }

  @Override
  public Optional<X509Certificate> clientCertificate() {
    return request.clientCertificate();
  }

  @Override
  public Optional<String> mappedPath() {
    return request.mappedPath();
  }
}
