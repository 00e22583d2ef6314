package dev.gatehouse.config;

import dev.gatehouse.seal.Secret;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the app is told of its users, and how. Immutable.
 *
 * @param fields the identity headers, in order
 * @param required header names without whose claim the request is refused with 403
 * @param roles the claim that {@code isUserInRole} reads; default {@code groups}
 * @param user the claim that names the user to the app; default {@code sub}
 * @param assertion the signed assertion, if the app gets one
 * @param authorization what the app finds in {@code Authorization}
 */
public record IdentityMapping(
    List<IdentityHeader> fields,
    Set<String> required,
    String roles,
    String user,
    Optional<Assertion> assertion,
    AppAuthorization authorization) {
  /** The claim that names a user unless the configuration names another. */
  public static final String SUBJECT = "sub";

  public IdentityMapping {
    fields = List.copyOf(fields);
    required = Set.copyOf(required);
    Objects.requireNonNull(roles, "roles");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(assertion, "assertion");
    Objects.requireNonNull(authorization, "authorization");
  }

  /** Headers in the default encoding, and nothing else. */
  public IdentityMapping(Map<String, String> headers, Set<String> required, String roles) {
    this(
        headers.entrySet().stream()
            .map(entry -> new IdentityHeader(entry.getKey(), entry.getValue()))
            .toList(),
        required,
        roles,
        SUBJECT,
        Optional.empty(),
        new AppAuthorization.None());
  }

  /** Header name to claim name, in order. */
  public Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    fields.forEach(field -> headers.put(field.name(), field.claim()));
    return headers;
  }

  /**
   * A short JWT by which the app can check that the gateway speaks (TH-HDR-13).
   *
   * @param header the field that carries it
   * @param audience the app's own id
   * @param key what signs; empty: made at start, for a single node
   * @param lifetime at most a minute
   * @param claims which claims it carries beside the subject
   */
  public record Assertion(
      String header,
      String audience,
      Optional<Provider.KeyFile> key,
      Duration lifetime,
      List<String> claims) {
    public Assertion {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(audience, "audience");
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(lifetime, "lifetime");
      claims = List.copyOf(claims);
    }
  }

  /** What the app finds in {@code Authorization}; with any but the first, the client's own goes. */
  public sealed interface AppAuthorization {
    /** Nothing of ours. */
    record None() implements AppAuthorization {}

    /** The signed assertion as a bearer token. */
    record BearerAssertion() implements AppAuthorization {}

    /** The access token of the session (against TH-TOK-11, by the operator's own decision). */
    record BearerAccessToken() implements AppAuthorization {}

    /**
     * HTTP Basic (RFC 7617).
     *
     * @param user the same for all users; empty for the name of each
     */
    record Basic(Optional<String> user, Secret password) implements AppAuthorization {}
  }
}
