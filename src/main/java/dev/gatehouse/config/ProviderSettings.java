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

  private static final Pattern ANY_TENANT =
      Pattern.compile(
          "(?i)https://login\\.microsoftonline\\.com/(common|organizations|consumers|\\{.*})/.*");

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
    Fapi2Settings profile = new Fapi2Settings(values, prefix);
    boolean fapi2 = profile.isOn();
    if (fapi2) {
      profile.check();
    }
    TokenSettings tokenSettings = new TokenSettings(values, prefix, fapi2);
    EndpointSettings endpointSettings = new EndpointSettings(values, prefix, allowHttp);
    Optional<Proof> proof = proofs.read();
    Request request = new RequestSettings(values, prefix, fapi2).read();
    Tokens tokens = tokenSettings.tokens(proofs.decryptionKey(), proofs.dpopKey());
    if (fapi2) {
      profile.checkKey("client-key", proof.flatMap(Proof::key));
      profile.checkKey("dpop-key", tokens.dpopKey());
    }
    Userinfo userinfo = tokenSettings.userinfo();
    Provider.Endpoints endpoints = endpointSettings.endpoints();
    Provider.Quirks quirks = endpointSettings.quirks();
    ProviderRules rules = new ProviderRules(values, prefix);
    rules.checkIdentity(request, userinfo, endpoints);
    rules.checkEndpoints(request, tokens, endpoints);
    proof.ifPresent(present -> rules.checkQuirks(quirks, request, present));
    proof.ifPresent(rules::checkMac);
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
            tokenSettings.accessTokens(),
            endpoints,
            quirks,
            fapi2));
  }

  // A preset whose issuer is each customer's own says how it looks; Entra's metadata for all
  // tenants
  // hold a template, with which any tenant's users would be let in.
  private static Optional<String> openPlace(String issuer) {
    if (ANY_TENANT.matcher(issuer).matches()) {
      return Optional.of(
          "is for users of any tenant: its metadata names the issuer {tenantid}, which is nobody."
              + " Write https://login.microsoftonline.com/YOUR-TENANT-ID/v2.0");
    }
    return Optional.of(issuer)
        .filter(text -> text.matches(".*[<{].*[>}].*"))
        .map(text -> "has places to fill in; write your own as in " + text);
  }

  /** OpenID Connect Discovery §3: https, no query, no fragment (TH-CFG-1). */
  private void checkIssuer(String issuer, String key) {
    Optional<String> open = openPlace(issuer);
    if (open.isPresent()) {
      values.error("issuer-template", key, open.get());
      return;
    }
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
