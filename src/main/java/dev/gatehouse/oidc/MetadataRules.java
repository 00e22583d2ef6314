package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.AddressRule;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.LogText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which metadata documents are believed (threats.md §1). Immutable. */
final class MetadataRules {
  private static final String PUSHED_ENDPOINT = "pushed_authorization_request_endpoint";
  private static final String PKCE_METHODS = "code_challenge_methods_supported";

  private final String issuer;
  private final AddressRule addresses;
  private final boolean insecureAllowHttp;
  private final boolean withoutPkce;
  private final MutualTlsEndpoints mutualTls;
  private final Optional<DemandedMetadata> demanded;

  MetadataRules(String issuer, AddressRule addresses, boolean insecureAllowHttp) {
    this(issuer, addresses, insecureAllowHttp, false, MutualTlsEndpoints.NONE, Optional.empty());
  }

  /**
   * @param withoutPkce whether no code challenge will be sent to that OP (TH-QUIRK-18)
   * @param mutualTls which endpoints are called with a certificate
   * @param demanded what the configuration demands beyond
   */
  MetadataRules(
      String issuer,
      AddressRule addresses,
      boolean insecureAllowHttp,
      boolean withoutPkce,
      MutualTlsEndpoints mutualTls,
      Optional<DemandedMetadata> demanded) {
    this.issuer = issuer;
    this.addresses = addresses;
    this.insecureAllowHttp = insecureAllowHttp;
    this.withoutPkce = withoutPkce;
    this.mutualTls = mutualTls;
    this.demanded = demanded;
  }

  /** What came of reading a document. */
  sealed interface Reading {
    /** All rules are kept. */
    record Accepted(ProviderMetadata metadata) implements Reading {}

    /**
     * A rule is broken.
     *
     * @param reason one fixed word
     * @param detail for the operator, fit for a log
     */
    record Refused(String reason, String detail) implements Reading {}
  }

  /** Judges {@code document}. */
  Reading read(JsonObject document) {
    // Discovery §4.3, RFC 8414 §3.3: byte for byte; a trailing slash is a different issuer.
    if (!issuer.equals(document.get("issuer"))) {
      return new Reading.Refused(
          "issuer-mismatch",
          "it names " + LogText.clean(document.get("issuer")) + ", configured is " + issuer);
    }
    // RFC 9700 §2.1.1: PKCE is never downgraded. An OP that lists methods without S256 would
    // ignore or refuse ours; one that lists nothing may still know it (TH-AUTHZ-2).
    if (!withoutPkce
        && document.has(PKCE_METHODS)
        && !document.array(PKCE_METHODS).map(list -> list.contains("S256")).orElse(false)) {
      return new Reading.Refused(
          "pkce-plain-only",
          PKCE_METHODS + " is " + LogText.clean(document.get(PKCE_METHODS)) + ", without S256");
    }
    Optional<Reading.Refused> unmet = demanded.flatMap(d -> d.firstUnmet(document));
    return unmet.isPresent() ? unmet.get() : readEndpoints(document);
  }

  private Reading readEndpoints(JsonObject document) {
    List<Reading.Refused> broken = new ArrayList<>();
    Optional<URI> authorization = required(document, "authorization_endpoint", broken);
    Optional<URI> token = required(document, "token_endpoint", broken);
    Optional<URI> jwks = required(document, "jwks_uri", broken);
    Optional<URI> userinfo = offered(document, "userinfo_endpoint", broken);
    Optional<URI> endSession = offered(document, "end_session_endpoint", broken);
    Optional<URI> introspection = offered(document, "introspection_endpoint", broken);
    Optional<URI> revocation = offered(document, "revocation_endpoint", broken);
    authorization.ifPresent(endpoint -> ownQueryIsFree(endpoint, broken));
    token.ifPresent(endpoint -> holdsNoSecret("token_endpoint", endpoint, broken));
    introspection.ifPresent(endpoint -> holdsNoSecret("introspection_endpoint", endpoint, broken));
    revocation.ifPresent(endpoint -> holdsNoSecret("revocation_endpoint", endpoint, broken));
    RequestMetadata requests = readRequests(document, broken);
    if (!broken.isEmpty()) {
      return broken.get(0);
    }
    return new Reading.Accepted(
        new ProviderMetadata(
            authorization.orElseThrow(),
            token.orElseThrow(),
            jwks,
            userinfo,
            endSession,
            introspection,
            revocation,
            Boolean.TRUE.equals(document.get("authorization_response_iss_parameter_supported")),
            requests));
  }

  private RequestMetadata readRequests(JsonObject document, List<Reading.Refused> broken) {
    // RFC 9126 §5: whoever takes pushed requests alone has to say where.
    boolean pushedRequired =
        Boolean.TRUE.equals(document.get("require_pushed_authorization_requests"));
    Optional<URI> pushed =
        pushedRequired
            ? required(document, PUSHED_ENDPOINT, broken)
            : offered(document, PUSHED_ENDPOINT, broken);
    return new RequestMetadata(
        pushed, pushedRequired, Boolean.TRUE.equals(document.get("require_signed_request_object")));
  }

  private Optional<URI> required(JsonObject document, String name, List<Reading.Refused> broken) {
    if (document.get(name) == null) {
      broken.add(new Reading.Refused("endpoint-missing", name + " is missing"));
    }
    return offered(document, name, broken);
  }

  private Optional<URI> offered(JsonObject document, String name, List<Reading.Refused> broken) {
    Object value = mutualTls.value(document, name);
    if (value == null) {
      return Optional.empty();
    }
    Optional<URI> endpoint = value instanceof String text ? absolute(text) : Optional.empty();
    Optional<String> reason =
        endpoint.isEmpty() ? Optional.of("endpoint-syntax") : brokenRule(endpoint.get());
    reason.ifPresent(
        word -> broken.add(new Reading.Refused(word, name + " is " + LogText.clean(value))));
    return endpoint;
  }

  // RFC 6749 §3.1, §3.2: absolute, without fragment; user info has no meaning in https URLs.
  private static Optional<URI> absolute(String text) {
    try {
      URI uri = new URI(text);
      boolean good =
          uri.getScheme() != null
              && uri.getHost() != null
              && !uri.getHost().isEmpty()
              && uri.getRawFragment() == null
              && uri.getRawUserInfo() == null;
      return good ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private Optional<String> brokenRule(URI endpoint) {
    boolean https = endpoint.getScheme().equalsIgnoreCase("https");
    boolean development =
        insecureAllowHttp
            && endpoint.getScheme().equalsIgnoreCase("http")
            && AddressRule.isLoopback(endpoint.getHost());
    if (!https && !development) {
      return Optional.of("insecure-endpoint");
    }
    return addresses.allowsLiteral(endpoint.getHost())
        ? Optional.empty()
        : Optional.of("endpoint-address");
  }

  // RFC 6749 §2.3.1: no secret in a URL, so an OP that wants one there is none for us.
  private static void holdsNoSecret(String name, URI endpoint, List<Reading.Refused> broken) {
    EndpointQuery.firstMisplaced(endpoint)
        .ifPresent(
            parameter ->
                broken.add(
                    new Reading.Refused(
                        "secret-in-url",
                        "the query of " + name + " holds " + parameter + ", which is for a body")));
  }

  // RFC 6749 §3.1: parameters must not be sent twice; the endpoint's own query is kept, so it may
  // hold none of ours (TH-AUTHZ-1, TH-AUTHZ-7).
  private static void ownQueryIsFree(URI endpoint, List<Reading.Refused> broken) {
    if (endpoint.getRawQuery() == null) {
      return;
    }
    Set<String> reserved = RequestParameters.OURS;
    for (String parameter : endpoint.getRawQuery().split("&")) {
      if (reserved.contains(parameter.split("=", 2)[0])) {
        broken.add(
            new Reading.Refused(
                "endpoint-query",
                "the query of authorization_endpoint holds a parameter of the request"));
      }
    }
  }
}
