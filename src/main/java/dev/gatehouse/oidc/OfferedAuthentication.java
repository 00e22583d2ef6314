package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.LogText;
import dev.gatehouse.config.Provider.ClientAuthentication;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether an OP says that it takes the client authentication that is configured (RFC 8414 §2). Some
 * OPs list less than they take, and a list that is missing says nothing: so this is a doubt, which
 * only {@code strict} makes a refusal.
 */
final class OfferedAuthentication {
  private static final String METHODS = "token_endpoint_auth_methods_supported";
  private static final String ALGORITHMS = "token_endpoint_auth_signing_alg_values_supported";

  private final String method;
  private final Supplier<Optional<String>> algorithm;

  /**
   * @param algorithm of the assertions; empty for a method without any
   */
  OfferedAuthentication(ClientAuthentication method, Supplier<Optional<String>> algorithm) {
    this.method = method.name().toLowerCase(Locale.ROOT);
    this.algorithm = algorithm;
  }

  /** What does not fit, for the operator; empty where nothing is known not to. */
  Optional<String> misfit(JsonObject document) {
    Optional<List<?>> methods = document.array(METHODS);
    if (methods.isPresent() && !methods.get().contains(method)) {
      return Optional.of(
          "client-authentication is "
              + method.replace('_', '-')
              + ", but the OP says that it takes "
              + LogText.clean(methods.get()));
    }
    Optional<List<?>> algorithms = document.array(ALGORITHMS);
    Optional<String> ours = algorithm.get();
    return algorithms.isPresent() && ours.isPresent() && !algorithms.get().contains(ours.get())
        ? Optional.of(
            "client assertions are signed by "
                + ours.get()
                + ", but the OP says that it takes "
                + LogText.clean(algorithms.get())
                + "; set client-key-algorithm")
        : Optional.empty();
  }
}
