package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.oidc.OpenIdProvider;
import dev.gatehouse.oidc.Providers;
import java.util.List;
import java.util.Optional;

/**
 * Whose users one host lets in, and who logs them in: the OP that the rule or the link names, that
 * of the host, the default one, or the one that the user chooses. Immutable, safe for concurrent
 * use.
 */
final class ProviderChoice {
  private final Providers providers;
  private final Optional<String> ofHost;

  /**
   * @param ofHost the name of the only OP whose users the host is for
   */
  ProviderChoice(Providers providers, Optional<String> ofHost) {
    this.providers = providers;
    this.ofHost = ofHost;
  }

  /** Who logs a user in. */
  sealed interface Choice {
    /** This OP. */
    record One(OpenIdProvider provider) implements Choice {}

    /** One of these, as the user likes. */
    record AnyOf(List<OpenIdProvider> providers) implements Choice {}

    /** None: there is no such OP, or the host is for the users of another. */
    record Nobody() implements Choice {}
  }

  /**
   * Who logs a user in.
   *
   * @param demanded the name of the OP that the rule or the link asks for
   */
  Choice of(Optional<String> demanded) {
    Optional<String> name = demanded.or(() -> ofHost);
    if (name.isPresent()) {
      return ofHost.isPresent() && !ofHost.equals(name)
          ? new Choice.Nobody()
          : providers.named(name.get()).<Choice>map(Choice.One::new).orElseGet(Choice.Nobody::new);
    }
    return providers
        .standard()
        .<Choice>map(Choice.One::new)
        .orElseGet(() -> new Choice.AnyOf(List.copyOf(providers.all())));
  }

  /** The name of the OP with that issuer identifier. */
  Optional<String> atIssuer(String issuer) {
    return providers.atIssuer(issuer).map(OpenIdProvider::name);
  }

  /** Whether users of the OP of that name may be let in, as far as the OP goes. */
  boolean admits(AccessRule rule, String provider) {
    return (ofHost.isEmpty() || ofHost.get().equals(provider))
        && (rule.provider().isEmpty() || rule.provider().get().equals(provider));
  }
}
