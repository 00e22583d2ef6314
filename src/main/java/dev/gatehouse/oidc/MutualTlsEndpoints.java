package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.config.Provider.SenderConstraint;
import java.util.Map;
import java.util.Set;

/**
 * Which endpoints are called with the client's certificate: an OP may have other addresses for
 * those, so that only they ask for one (RFC 8705 §5). Immutable.
 */
final class MutualTlsEndpoints {
  /** None is. */
  static final MutualTlsEndpoints NONE = new MutualTlsEndpoints(Set.of());

  private static final Set<String> BY_CLIENT =
      Set.of(
          "token_endpoint",
          "revocation_endpoint",
          "introspection_endpoint",
          "pushed_authorization_request_endpoint");
  private static final Set<String> BY_CLIENT_AND_TOKEN =
      Set.of(
          "token_endpoint",
          "revocation_endpoint",
          "introspection_endpoint",
          "pushed_authorization_request_endpoint",
          "userinfo_endpoint");

  private final Set<String> names;

  private MutualTlsEndpoints(Set<String> names) {
    this.names = names;
  }

  /** Those of a client that authenticates by certificate, or has its tokens bound to one. */
  static MutualTlsEndpoints of(Provider provider) {
    ClientAuthentication method = provider.proof().method();
    if (provider.tokens().senderConstraint() == SenderConstraint.MTLS) {
      return new MutualTlsEndpoints(BY_CLIENT_AND_TOKEN);
    }
    return method == ClientAuthentication.TLS_CLIENT_AUTH
            || method == ClientAuthentication.SELF_SIGNED_TLS_CLIENT_AUTH
        ? new MutualTlsEndpoints(BY_CLIENT)
        : NONE;
  }

  /** What {@code document} says for {@code name}; null where it says nothing. */
  Object value(JsonObject document, String name) {
    boolean aliased =
        names.contains(name)
            && document.get("mtls_endpoint_aliases") instanceof Map<?, ?> aliases
            && aliases.get(name) != null;
    return aliased
        ? ((Map<?, ?>) document.get("mtls_endpoint_aliases")).get(name)
        : document.get(name);
  }
}
