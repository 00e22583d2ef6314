package dev.gatehouse.gate;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What the gate may know of a request. Each door implements it over its own request object; nothing
 * is copied, and only what a decision needs is looked at. Used by one thread at a time.
 */
public interface ClientRequest {
  /** The method, as it came. */
  String method();

  /**
   * The path of the request target as it came over the wire: undecoded, path parameters included,
   * no query. {@code *} for {@code OPTIONS *}.
   */
  String rawPath();

  /** The query as it came, without the question mark; null where there is none. */
  String rawQuery();

  /**
   * The authority that the client asked for: that of an absolute-form target, else the Host field
   * (RFC 9112 §3.2.2); null where there is neither or more than one.
   */
  String authority();

  /** Whether it came over TLS to this very process. */
  boolean secure();

  /** The peer's IP address in text form: who is connected, not who a header says. */
  String peerAddress();

  /** The value of the first field line of that name, in any case; null where there is none. */
  String header(String name);

  /** The values of all field lines of that name, in any case; empty where there is none. */
  List<String> headers(String name);

  /**
   * The certificate that the client has shown in the TLS of this very connection; empty where it
   * has shown none, or this process does not end the TLS. That the client holds its key is proven,
   * who signed it may be nobody.
   */
  default Optional<X509Certificate> clientCertificate() {
    return Optional.empty();
  }

  /**
   * Whether a body comes with it. Fields tell in HTTP/1.1 (RFC 9112 §6.3); a door that speaks
   * another version, where a body needs no field, knows better.
   */
  default boolean hasBody() {
    List<String> lengths = headers("Content-Length");
    return !headers("Transfer-Encoding").isEmpty()
        || !lengths.isEmpty() && !lengths.equals(List.of("0"));
  }

  /** Whether its body, if there is one, goes to the app by another way and is not seen here. */
  default boolean bodyIsElsewhere() {
    return false;
  }

  /**
   * The path that a servlet container mapped (decoded, without path parameters and without the
   * context path), to be compared with the canonical one (TH-PATH-9); empty in the proxy.
   */
  Optional<String> mappedPath();
}
