package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpForm;
import dev.gatehouse.config.Provider;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes authentication requests in the way that this OP and the configuration ask for: plain,
 * signed (RFC 9101), pushed (RFC 9126), or both. Where one way is asked for there is no other: a
 * failure never leads to a weaker request (TH-AUTHZ-11). Safe for concurrent use.
 */
final class AuthenticationRequests {
  /** What OpenID Connect Core §6.1 wants to see outside of a request object too. */
  private static final List<String> OUTSIDE = List.of("response_type", "client_id", "scope");

  private final Provider.Request asked;
  private final RequestParameters parameters;
  private final Optional<RequestObjects> objects;
  private final PushedRequests pushed;

  /**
   * @param dpopKey the thumbprint of the key that codes are bound to, if any
   * @param objects absent where the client has no key
   */
  AuthenticationRequests(
      Provider provider,
      Optional<String> dpopKey,
      Optional<RequestObjects> objects,
      PushedRequests pushed) {
    this.asked = provider.request();
    this.parameters = new RequestParameters(provider, dpopKey);
    this.objects = objects;
    this.pushed = pushed;
  }

  /** What requests are made of. */
  RequestParameters parameters() {
    return parameters;
  }

  /** Whether making a request takes a call to the OP. */
  boolean pushes(ProviderMetadata metadata) {
    return asked.alwaysPushed() || metadata.requests().pushedRequired();
  }

  /** Why no request to an OP that says {@code metadata} could ever succeed. */
  Optional<MetadataRefusal> mismatch(ProviderMetadata metadata) {
    if (pushes(metadata) && metadata.requests().pushedEndpoint().isEmpty()) {
      return Optional.of(
          new MetadataRefusal(
              "endpoint-missing",
              "it has no pushed_authorization_request_endpoint, which pushed-authorization:"
                  + " always needs"));
    }
    if (signs(metadata) && objects.isEmpty()) {
      return Optional.of(
          new MetadataRefusal(
              "client-key-missing", "it takes signed requests alone, and there is no client-key"));
    }
    return Optional.empty();
  }

  private boolean signs(ProviderMetadata metadata) {
    return asked.alwaysSigned() || metadata.requests().signedRequired();
  }

  /** Makes {@code request}; blocks where {@link #pushes}. */
  RequestOutcome make(ProviderMetadata metadata, AuthenticationRequest request, Deadline deadline) {
    Map<String, List<String>> all = parameters.of(request);
    if (!signs(metadata)) {
      return pushes(metadata)
          ? push(metadata, all, form(all), deadline)
          : ready(metadata.authorizationEndpoint(), all);
    }
    if (objects.isEmpty()) {
      return new RequestOutcome.Refused(502, "client-key-missing");
    }
    Secret object = objects.get().sign(all, request.requestId());
    if (pushes(metadata)) {
      // RFC 9126 §3: everything is inside; of the rest only what authenticates the client.
      return push(
          metadata,
          all,
          form(Map.of("client_id", all.get("client_id"))).with("request", object),
          deadline);
    }
    Map<String, List<String>> outside = new LinkedHashMap<>(all);
    outside.keySet().retainAll(OUTSIDE);
    outside.put("request", List.of(object.reveal()));
    return ready(metadata.authorizationEndpoint(), outside);
  }

  private static OpForm form(Map<String, List<String>> parameters) {
    OpForm form = OpForm.empty();
    for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
      for (String value : parameter.getValue()) {
        form = form.with(parameter.getKey(), value);
      }
    }
    return form;
  }

  private RequestOutcome push(
      ProviderMetadata metadata, Map<String, List<String>> all, OpForm form, Deadline deadline) {
    Optional<URI> endpoint = metadata.requests().pushedEndpoint();
    if (endpoint.isEmpty()) {
      return new RequestOutcome.Refused(502, "par-failed");
    }
    PushedRequests.Answer answer = pushed.push(endpoint.get(), form, deadline);
    if (answer instanceof PushedRequests.Answer.Kept kept) {
      // RFC 9126 §4: these two and nothing else.
      Map<String, List<String>> reference = new LinkedHashMap<>();
      reference.put("client_id", all.get("client_id"));
      reference.put("request_uri", List.of(kept.reference()));
      return ready(metadata.authorizationEndpoint(), reference);
    }
    return answer instanceof PushedRequests.Answer.Undecided undecided
        ? new RequestOutcome.Undecided(undecided.failure())
        : new RequestOutcome.Refused(502, "par-failed");
  }

  private static RequestOutcome ready(URI endpoint, Map<String, List<String>> parameters) {
    return new RequestOutcome.Ready(AuthenticationRequestUrl.at(endpoint, parameters));
  }
}
