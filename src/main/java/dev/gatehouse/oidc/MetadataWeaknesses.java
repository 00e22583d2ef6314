package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.config.Provider;
import java.util.ArrayList;
import java.util.List;

/**
 * What an OP offers that makes it less safe than it could be, though this client does not use it
 * (TH-CFG-13, RFC 9700 §2.1).
 */
final class MetadataWeaknesses {
  private MetadataWeaknesses() {}

  /** One word for each weakness; empty for a good OP. */
  static List<String> of(JsonObject document) {
    List<String> found = new ArrayList<>();
    if (!document.has("code_challenge_methods_supported")) {
      found.add("op-weak:no-s256");
    }
    if (!Boolean.TRUE.equals(document.get("authorization_response_iss_parameter_supported"))) {
      found.add("op-weak:no-iss");
    }
    if (strings(document, "id_token_signing_alg_values_supported").contains("none")) {
      found.add("op-weak:alg-none");
    }
    if (offersImplicit(document)) {
      found.add("op-weak:implicit");
    }
    if (strings(document, "scopes_supported").isEmpty()) {
      found.add("op-weak:no-scope");
    }
    return List.copyOf(found);
  }

  /**
   * The same for an OP without metadata, of which that is to be feared what is not known to be
   * otherwise.
   */
  static List<String> ofUndiscovered(Provider provider) {
    List<String> found = new ArrayList<>(List.of("op-weak:no-s256", "op-weak:no-iss"));
    if (!provider.request().scopes().contains("openid")) {
      found.add("op-weak:no-id-token");
    }
    if (provider.request().scopes().isEmpty()) {
      found.add("op-weak:no-scope");
    }
    return List.copyOf(found);
  }

  // RFC 9700 §2.1.2: response types that bring a token through the browser.
  private static boolean offersImplicit(JsonObject document) {
    return strings(document, "response_types_supported").stream()
        .flatMap(type -> List.of(type.split(" ")).stream())
        .anyMatch(word -> word.equals("token") || word.equals("id_token"));
  }

  private static List<String> strings(JsonObject document, String name) {
    return document.array(name).orElse(List.of()).stream()
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .toList();
  }
}
