package dev.gatehouse.config;

import dev.gatehouse.config.Provider.Proof;
import dev.gatehouse.config.Provider.Request;
import dev.gatehouse.config.Provider.Tokens;
import dev.gatehouse.config.Provider.Userinfo;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the OPs and this client's registration at each. */
final class ProviderSettings {
  // It becomes part of the redirect URI.
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

  private final Values values;
  private final SecretChecks secrets;
  private final SecretFiles secretFiles;
  private final boolean allowHttp;

  ProviderSettings(
      Values values, SecretChecks secrets, SecretFiles secretFiles, boolean allowHttp) {
    this.values = values;
    this.secrets = secrets;
    this.secretFiles = secretFiles;
    this.allowHttp = allowHttp;
  }

  /** The OPs by name, in the order of the file; those that are refused are left out. */
  Map<String, Provider> read() {
    Map<String, Provider> providers = new LinkedHashMap<>();
    if (!values.hasSection("providers")) {
      read(Provider.SINGLE, "provider.").ifPresent(p -> providers.put(p.name(), p));
      return providers;
    }
    if (values.hasSection("provider")) {
      values.error(
          "provider-conflict",
          "provider",
          "stands beside providers; write it as one of them, with a name");
    }
    for (String name : values.namesBelow("providers")) {
      if (!NAME.matcher(name).matches() || name.equals(Provider.SINGLE)) {
        values.error(
            "provider-name",
            "providers." + name,
            "is no name for a provider: write lower-case letters, digits and hyphens, and not"
                + " "
                + Provider.SINGLE);
      }
      read(name, "providers." + name + ".").ifPresent(p -> providers.put(name, p));
    }
    refuseSharedIssuers(providers);
    if (providers.isEmpty() && values.isSound("providers")) {
      values.error("missing-key", "providers", "is empty; write NAME: {issuer: …, client-id: …}");
    }
    return providers;
  }

  /** Whose token or answer it is must be plain from the issuer alone (RFC 9700 §4.4). */
  private void refuseSharedIssuers(Map<String, Provider> providers) {
    Map<String, String> names = new HashMap<>();
    for (Provider provider : providers.values()) {
      String other = names.putIfAbsent(provider.issuer(), provider.name());
      if (other != null) {
        values.error(
            "duplicate-issuer",
            "providers." + provider.name() + ".issuer",
            "is the issuer of "
                + other
                + " too; nobody could tell whose answer or token it is. Register one client there");
      }
    }
  }

  /** Who logs users in where nothing else says so. */
  Optional<String> defaultProvider(Map<String, Provider> providers) {
    String key = "default-provider";
    Optional<String> name = values.text(key);
    name.filter(text -> !providers.containsKey(text))
        .ifPresent(
            text ->
                values.error(
                    "unknown-provider",
                    key,
                    "is "
                        + values.shown(key)
                        + "; there are: "
                        + String.join(", ", names(providers))));
    return name.filter(providers::containsKey);
  }

  private static Iterable<String> names(Map<String, Provider> providers) {
    return providers.keySet();
  }

  private Optional<Provider> read(String name, String prefix) {
    Optional<String> issuer = values.required(prefix + "issuer");
    issuer.ifPresent(text -> checkIssuer(text, prefix + "issuer"));
    Optional<String> clientId = values.required(prefix + "client-id");
    clientId
        .filter(id -> id.matches("<.*>"))
        .ifPresent(
            id ->
                values.error(
                    "placeholder-secret",
                    prefix + "client-id",
                    "is a placeholder; write the real one"));
    ProofSettings proofs = new ProofSettings(values, secrets, secretFiles, prefix);
    TokenSettings tokenSettings = new TokenSettings(values, prefix);
    EndpointSettings endpointSettings = new EndpointSettings(values, prefix, allowHttp);
    Optional<Proof> proof = proofs.read();
    Request request = new RequestSettings(values, prefix).read();
    Tokens tokens = tokenSettings.tokens(proofs.decryptionKey());
    Userinfo userinfo = tokenSettings.userinfo();
    Provider.Endpoints endpoints = endpointSettings.endpoints();
    Provider.Quirks quirks = endpointSettings.quirks();
    boolean fapi2 = values.choice(prefix + "profile").filter("fapi2"::equals).isPresent();
    checkScopes(prefix + "scopes", request, userinfo);
    if (issuer.isEmpty() || clientId.isEmpty() || proof.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Provider(
            name,
            values.text(prefix + "display-name").orElse(name),
            issuer.get(),
            clientId.get(),
            proof.get(),
            request,
            tokens,
            userinfo,
            endpoints,
            quirks,
            fapi2));
  }

  // Without openid only userinfo can say who the user is, and the file has to say how (TH-IDT-15).
  private void checkScopes(String key, Request request, Userinfo userinfo) {
    if (values.isSound(key)
        && !request.scopes().contains("openid")
        && userinfo.claims().isEmpty()) {
      values.error(
          "scope-openid", key, "lacks openid: without it the OP says nobody's name; add openid");
    }
  }

  /** OpenID Connect Discovery §3: https, no query, no fragment (TH-CFG-1). */
  private void checkIssuer(String issuer, String key) {
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
}
