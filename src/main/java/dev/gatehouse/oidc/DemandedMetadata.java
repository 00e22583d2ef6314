package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.LogText;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ResponseMode;
import dev.gatehouse.config.Provider.SenderConstraint;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the configuration demands of an OP beyond the rules for all: an OP that does not promise it
 * is refused before the first login, not in the middle of one. Immutable.
 */
final class DemandedMetadata {
  /** FAPI 2.0 Security Profile §5.4.1, with the name of RFC 9864 §2.2. */
  private static final Set<String> FAPI_ALGORITHMS = Set.of("PS256", "ES256", "EdDSA", "Ed25519");

  private final Provider provider;
  private final Optional<String> dpopAlgorithm;

  /**
   * @param dpopAlgorithm what DPoP proofs are signed with, where there are any
   */
  DemandedMetadata(Provider provider, Optional<String> dpopAlgorithm) {
    this.provider = provider;
    this.dpopAlgorithm = dpopAlgorithm;
  }

  /** The first demand that {@code document} does not meet. */
  Optional<MetadataRules.Reading.Refused> firstUnmet(JsonObject document) {
    return binding(document).or(() -> provider.fapi2() ? fapi2(document) : Optional.empty());
  }

  private Optional<MetadataRules.Reading.Refused> binding(JsonObject document) {
    // RFC 9449 §5.1: an OP that lists no algorithms may still know DPoP; its token_type will tell.
    String algorithms = "dpop_signing_alg_values_supported";
    if (dpopAlgorithm.isPresent()
        && (document.has(algorithms) || provider.fapi2())
        && !lists(document, algorithms, dpopAlgorithm.get())) {
      return lacking(document, "dpop-alg", algorithms, dpopAlgorithm.get());
    }
    // RFC 8705 §3.3: not said is no; the binding cannot be seen in an opaque token.
    String bound = "tls_client_certificate_bound_access_tokens";
    return provider.tokens().senderConstraint() == SenderConstraint.MTLS
            && !Boolean.TRUE.equals(document.get(bound))
        ? lacking(document, "mtls-unbound", bound, "true")
        : Optional.empty();
  }

  // FAPI 2.0 Security Profile §5.3.2.1, §5.3.2.2, by what an OP tells of it.
  private Optional<MetadataRules.Reading.Refused> fapi2(JsonObject document) {
    String pushed = "pushed_authorization_request_endpoint";
    if (document.text(pushed).isEmpty()) {
      return lacking(document, "fapi2", pushed, "a URL");
    }
    if (!lists(document, "code_challenge_methods_supported", "S256")) {
      return lacking(document, "fapi2", "code_challenge_methods_supported", "S256");
    }
    // RFC 9207 §2.4: a signed response has its own iss.
    String issuer = "authorization_response_iss_parameter_supported";
    if (provider.request().responseMode() == ResponseMode.QUERY
        && !Boolean.TRUE.equals(document.get(issuer))) {
      return lacking(document, "fapi2", issuer, "true");
    }
    String method = provider.proof().method().name().toLowerCase(Locale.ROOT);
    if (!lists(document, "token_endpoint_auth_methods_supported", method)) {
      return lacking(document, "fapi2", "token_endpoint_auth_methods_supported", method);
    }
    String signed = "id_token_signing_alg_values_supported";
    return list(document, signed).stream().noneMatch(FAPI_ALGORITHMS::contains)
        ? lacking(document, "fapi2", signed, "PS256, ES256 or EdDSA")
        : Optional.empty();
  }

  private static Optional<MetadataRules.Reading.Refused> lacking(
      JsonObject document, String reason, String name, String needed) {
    String found = document.has(name) ? LogText.clean(document.get(name)) : "missing";
    return Optional.of(
        new MetadataRules.Reading.Refused(
            reason, name + " is " + found + "; the configuration demands " + needed));
  }

  private static boolean lists(JsonObject document, String name, String value) {
    return list(document, name).contains(value);
  }

  private static List<?> list(JsonObject document, String name) {
    return document.array(name).orElse(List.of());
  }
}
