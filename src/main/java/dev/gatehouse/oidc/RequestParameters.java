package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.config.Provider;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of authentication requests to one OP, however they travel (OpenID Connect Core
 * §3.1.2.1). Immutable.
 */
final class RequestParameters {
  /** The names that are ours: neither the endpoint nor the configuration may add one of them. */
  static final Set<String> OURS =
      Set.of(
          "response_type",
          "client_id",
          "redirect_uri",
          "scope",
          "state",
          "nonce",
          "code_challenge",
          "code_challenge_method",
          "dpop_jkt",
          "response_mode",
          "server_state",
          "request",
          "request_uri");

  private static final String PROMPT = "prompt";

  private final String clientId;
  private final Provider.Request asked;
  private final Provider.Quirks quirks;
  private final Optional<String> dpopKey;

  /**
   * Takes the constant parts.
   *
   * @param dpopKey the thumbprint of the key that codes are bound to, if any (RFC 9449 §10)
   * @throws IllegalArgumentException when a configured extra parameter is one of ours
   */
  RequestParameters(Provider provider, Optional<String> dpopKey) {
    this.clientId = provider.clientId();
    this.asked = provider.request();
    this.quirks = provider.quirks();
    this.dpopKey = dpopKey;
    for (String name : asked.parameters().keySet()) {
      if (OURS.contains(name)) {
        throw new IllegalArgumentException(
            "provider.authorization-parameters: " + name + " is set by the gateway itself");
      }
    }
  }

  /** What every login at this OP has to keep. */
  AuthenticationDemand standing() {
    return new AuthenticationDemand(asked.acrValues(), asked.maxAge(), Set.of());
  }

  /** The scopes of every login, and those that {@code demand} adds. */
  Set<String> scopes(AuthenticationDemand demand) {
    Set<String> scopes = new LinkedHashSet<>(asked.scopes());
    demand.scopes().stream().sorted().forEach(scopes::add);
    return scopes;
  }

  /** All parameters of {@code request}, each name with its values; only resource has several. */
  Map<String, List<String>> of(AuthenticationRequest request) {
    AuthenticationDemand demand = request.demand().onTopOf(standing());
    Map<String, List<String>> all = new LinkedHashMap<>();
    put(all, "response_type", "code");
    put(all, "client_id", clientId);
    put(all, "redirect_uri", request.redirectUri().toString());
    Set<String> scopes = scopes(demand);
    if (!scopes.isEmpty()) {
      put(all, "scope", String.join(quirks.commaSeparatedScopes() ? "," : " ", scopes));
    }
    put(all, "state", request.state());
    request.serverState().ifPresent(value -> put(all, "server_state", value.reveal()));
    if (scopes.contains("openid")) {
      put(all, "nonce", request.nonce());
    }
    if (!quirks.withoutPkce()) {
      put(all, "code_challenge", s256(request.codeVerifier()));
      put(all, "code_challenge_method", "S256");
    }
    dpopKey.ifPresent(thumbprint -> put(all, "dpop_jkt", thumbprint));
    responseMode().ifPresent(mode -> put(all, "response_mode", mode));
    asked.prompt().ifPresent(prompt -> put(all, PROMPT, prompt));
    put(all, "acr_values", demand.acrValues());
    demand.maxAge().map(Duration::toSeconds).ifPresent(s -> put(all, "max_age", s.toString()));
    put(all, "ui_locales", asked.uiLocales());
    if (!asked.resources().isEmpty()) {
      all.put("resource", asked.resources());
    }
    asked.parameters().forEach((name, value) -> put(all, name, value));
    // TH-AUTHZ-6: what comes from a link enters only where the operator lets it.
    request.hints().keySet().stream()
        .filter(asked.forwarded()::contains)
        .forEach(name -> put(all, name, request.hints().get(name)));
    if (request.interactive() && all.getOrDefault(PROMPT, List.of()).contains("none")) {
      // Core §3.1.2.6: the OP has said that it must talk to the user; once more in silence is vain.
      all.remove(PROMPT);
    }
    return all;
  }

  private Optional<String> responseMode() {
    return switch (asked.responseMode()) {
      case QUERY -> Optional.empty();
      case FORM_POST -> Optional.of("form_post");
      case JWT -> Optional.of("jwt");
    };
  }

  private static void put(Map<String, List<String>> all, String name, String value) {
    all.put(name, List.of(value));
  }

  private static void put(Map<String, List<String>> all, String name, List<String> words) {
    if (!words.isEmpty()) {
      put(all, name, String.join(" ", words));
    }
  }

  // RFC 7636 §4.2
  private static String s256(String codeVerifier) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(sha256().digest(codeVerifier.getBytes(US_ASCII)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
