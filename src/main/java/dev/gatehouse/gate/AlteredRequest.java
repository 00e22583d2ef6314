package dev.gatehouse.gate;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** A request that is seen otherwise than it came, in what the implementation says. */
interface AlteredRequest extends ClientRequest {
  /** The request as it came. */
  ClientRequest request();

  @Override
  default String method() {
    return request().method();
  }

  @Override
  default String rawPath() {
    return request().rawPath();
  }

  @Override
  default String rawQuery() {
    return request().rawQuery();
  }

  @Override
  default String authority() {
    return request().authority();
  }

  @Override
  default boolean secure() {
    return request().secure();
  }

  @Override
  default String peerAddress() {
    return request().peerAddress();
  }

  @Override
  default String header(String name) {
    return request().header(name);
  }

  @Override
  default List<String> headers(String name) {
    return request().headers(name);
  }

  @Override
  default boolean hasBody() {
    return request().hasBody();
  }

  @Override
  default boolean bodyIsElsewhere() {
    return request().bodyIsElsewhere();
  }

  @Override
  default Optional<X509Certificate> clientCertificate() {
    return request().clientCertificate();
  }

  @Override
  default Optional<String> mappedPath() {
    return request().mappedPath();
  }
}
