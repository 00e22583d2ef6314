package dev.gatehouse.config;

import dev.gatehouse.config.GatehouseConfig.ClientAuthentication;
import dev.gatehouse.config.GatehouseConfig.Provider;
import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the OP and this client's registration there. */
final class ProviderSettings {
  private static final Set<String> SIGNING_ALGORITHMS =
      Set.of(
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");
  private static final Set<String> OWN_PARAMETERS =
      Set.of(
          "client_id",
          "redirect_uri",
          "scope",
          "state",
          "nonce",
          "code_challenge",
          "code_challenge_method",
          "request",
          "request_uri",
          "response_mode",
          "id_token_hint");
  private static final Set<String> UNVERIFIED_PARAMETERS =
      Set.of("max_age", "acr_values", "claims");
  private static final Set<String> LATER_AUTHENTICATION =
      Set.of("client-secret-jwt", "private-key-jwt", "tls-client-auth");

  private final Values values;
  private final SecretChecks secrets;

  ProviderSettings(Values values, SecretChecks secrets) {
    this.values = values;
    this.secrets = secrets;
  }

  /** The OP; empty where the issuer or the client id is missing or refused. */
  Optional<Provider> read(boolean allowHttp) {
    Optional<String> issuer = values.required("provider.issuer");
    issuer.ifPresent(text -> checkIssuer(text, allowHttp));
    Optional<String> clientId = values.required("provider.client-id");
    clientId.filter(id -> id.matches("<.*>")).ifPresent(this::refusePlaceholder);
    Optional<ClientAuthentication> authentication = clientAuthentication();
    Optional<Secret> secret = clientSecret();
    List<String> scopes = scopes();
    Set<String> algorithms = signingAlgorithms();
    Map<String, String> parameters = authorizationParameters();
    if (issuer.isEmpty() || clientId.isEmpty() || authentication.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Provider(
            issuer.get(),
            clientId.get(),
            secret,
            authentication.get(),
            scopes,
            algorithms,
            parameters));
  }

  private void refusePlaceholder(String clientId) {
    values.error(
        "placeholder-secret", "provider.client-id", "is a placeholder; write the real one");
  }

  /** OpenID Connect Discovery §3: https, no query, no fragment (TH-CFG-1). */
  private void checkIssuer(String issuer, boolean allowHttp) {
    String key = "provider.issuer";
    Optional<URI> uri = WebUrl.parse(issuer);
    if (uri.isEmpty()) {
      values.error("issuer", key, "is no absolute URL; write the issuer exactly as the OP does");
      return;
    }
    WebUrl.excess(uri.get()).ifPresent(message -> values.error("issuer", key, message));
    if (!WebUrl.isPlain(uri.get())) {
      return;
    }
    boolean loopback = Loopback.isHost(uri.get().getHost());
    if (loopback && allowHttp) {
      values.warn(
          "insecure-endpoint",
          key,
          "is http: secrets and tokens travel in the clear. For development on this machine only");
    } else {
      values.error(
          "insecure-endpoint",
          key,
          loopback
              ? "is http; write https, or insecure-allow-http: true for development on this machine"
              : "is http: the client secret would travel in the clear; write https");
    }
  }

  private Optional<ClientAuthentication> clientAuthentication() {
    String key = "provider.client-authentication";
    String text = values.text(key).orElse("");
    if (LATER_AUTHENTICATION.contains(text)) {
      values.error(
          "not-in-this-version",
          key,
          "is " + text + ", not in this version; write client-secret-basic or client-secret-post");
      return Optional.empty();
    }
    if (text.equals("none")) {
      values.error(
          "client-auth-missing",
          key,
          "is none, but a web deployment is a confidential client; write client-secret-basic");
      return Optional.empty();
    }
    return values
        .choice(key)
        .map(choice -> choice.toUpperCase(Locale.ROOT).replace('-', '_'))
        .map(ClientAuthentication::valueOf);
  }

  private Optional<Secret> clientSecret() {
    String key = "provider.client-secret";
    Optional<Scalar> scalar = values.scalar(key);
    if (scalar.isEmpty()
        && values.isSound(key, "provider.client-authentication")
        && !values.isMisspelt(key)) {
      values.error(
          "client-auth-missing",
          key,
          "is missing: the gateway has to authenticate to the OP (RFC 6749 §2.3); write"
              + " ${file:/run/secrets/NAME}");
    }
    return scalar.filter(s -> values.isSound(key)).flatMap(s -> secrets.check(key, s));
  }

  private List<String> scopes() {
    String key = "provider.scopes";
    List<String> scopes = values.texts(key).stream().distinct().toList();
    values.items(key).forEach((place, scope) -> ScopeToken.check(values, place, scope));
    if (values.isSound(key) && !scopes.contains("openid")) {
      values.error(
          "scope-openid", key, "lacks openid: without it the OP says nobody's name; add openid");
    }
    return scopes;
  }

  private Set<String> signingAlgorithms() {
    String key = "provider.signing-algorithms";
    values.items(key).forEach(this::checkAlgorithm);
    Set<String> algorithms = new LinkedHashSet<>(values.texts(key));
    if (algorithms.isEmpty() && values.isSound(key)) {
      values.error("weak-algorithm", key, "is empty: no ID token would ever be accepted");
    }
    return algorithms;
  }

  private void checkAlgorithm(String place, Scalar algorithm) {
    if (!SIGNING_ALGORITHMS.contains(algorithm.text()) && values.isSound(place)) {
      values.error(
          "weak-algorithm",
          place,
          "is " + algorithm.shown() + "; write asymmetric ones alone, such as RS256 or ES256");
    }
  }

  private Map<String, String> authorizationParameters() {
    String key = "provider.authorization-parameters";
    Map<String, String> parameters = new LinkedHashMap<>();
    values
        .map(key)
        .forEach(
            (name, node) -> {
              String value = ((Scalar) node).text();
              checkParameter(key + "." + name, name, value);
              parameters.put(name, value);
            });
    return parameters;
  }

  private void checkParameter(String key, String name, String value) {
    if (name.equals("response_type")) {
      values.error(
          "implicit-refused", key, "is fixed to code: no other flow is offered; remove it");
    } else if (OWN_PARAMETERS.contains(name)) {
      values.error("reserved-parameter", key, "is written by the gateway itself; remove it");
    } else if (UNVERIFIED_PARAMETERS.contains(name)) {
      values.error(
          "not-in-this-version",
          key,
          "asks for what the gateway would not verify in the answer; remove it");
    } else if (name.equals("resource")
        && WebUrl.parse(value).filter(uri -> uri.getRawFragment() == null).isEmpty()) {
      values.error("resource", key, "must be an absolute URL without fragment (RFC 8707 §2)");
    }
  }
}
