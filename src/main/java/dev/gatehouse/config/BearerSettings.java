package dev.gatehouse.config;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.BearerBinding;
import dev.gatehouse.config.GatehouseConfig.BearerValidation;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads how access tokens are judged. */
final class BearerSettings {
  private static final Set<Access> WITH_TOKEN = Set.of(Access.BEARER, Access.LOGIN_OR_BEARER);

  private final Values values;
  private final Door door;

  BearerSettings(Values values, Door door) {
    this.values = values;
    this.door = door;
  }

  /**
   * How access tokens are judged; has to be there where a rule takes them.
   *
   * @param publicUrl where the resource has to be
   * @param trustedProxies those that may tell a client's certificate
   */
  Optional<Bearer> bearer(
      List<AccessRule> rules,
      Set<String> providers,
      Optional<PublicUrl> publicUrl,
      List<Cidr> trustedProxies) {
    BoundTokenSettings bound = new BoundTokenSettings(values, door);
    if (values.hasSection("bearer")) {
      Optional<String> audience = values.required("bearer.audience");
      Optional<String> validation = values.choice("bearer.validation");
      Optional<String> opaqueProvider = known("bearer.opaque-provider", providers);
      Optional<String> provider = provider(providers, validation, opaqueProvider);
      Optional<URI> resource = resource(publicUrl);
      Duration cacheLifetime = values.duration("bearer.cache-lifetime");
      Duration staleGrace = values.duration("bearer.stale-grace");
      BearerBinding binding = bound.binding(trustedProxies);
      return audience.flatMap(
          aud ->
              validation.map(
                  word ->
                      new Bearer(
                          aud,
                          BearerValidation.valueOf(upper(word)),
                          provider,
                          opaqueProvider,
                          resource,
                          cacheLifetime,
                          staleGrace,
                          binding)));
    }
    bound.warnOfIdleListener();
    rules.stream()
        .filter(rule -> WITH_TOKEN.contains(rule.access()))
        .findFirst()
        .ifPresent(
            rule ->
                values.errorAt(
                    rule.line(),
                    "bearer-missing",
                    "bearer",
                    "is missing, but the rule for "
                        + rule.pattern()
                        + " takes access tokens; write bearer: {audience: …}"));
    return Optional.empty();
  }

  // An opaque token does not say whose it is, and no OP may see the tokens of another.
  private Optional<String> provider(
      Set<String> providers, Optional<String> validation, Optional<String> opaqueProvider) {
    String key = "bearer.provider";
    Optional<String> provider = known(key, providers);
    boolean all = !values.isWritten(key);
    if (all
        && opaqueProvider.isEmpty()
        && providers.size() > 1
        && validation.filter("introspection"::equals).isPresent()) {
      values.error(
          "missing-key",
          key,
          "is missing: say which provider is asked about access tokens, one of "
              + String.join(", ", providers)
              + "; or, where all are believed, which one about those that name no issuer, in"
              + " bearer.opaque-provider");
    }
    if (!all && values.isWritten("bearer.opaque-provider")) {
      values.warn(
          "opaque-provider-unused",
          "bearer.opaque-provider",
          "has no effect beside bearer.provider, who is asked about all tokens; remove one of them");
    }
    return provider;
  }

  private Optional<String> known(String key, Set<String> providers) {
    Optional<String> name = values.text(key);
    name.filter(text -> !providers.contains(text) && !providers.isEmpty())
        .ifPresent(
            text ->
                values.error(
                    "unknown-provider",
                    key,
                    "is " + values.shown(key) + "; there are: " + String.join(", ", providers)));
    return name.filter(providers::contains);
  }

  // RFC 9728 §1.2: an https URL without a fragment. Its metadata are at its own origin (§3), which
  // has to be the one that we answer for.
  private Optional<URI> resource(Optional<PublicUrl> publicUrl) {
    String key = "bearer.resource";
    Optional<String> text = values.text(key);
    if (text.isEmpty() || publicUrl.isEmpty()) {
      return Optional.empty();
    }
    Optional<URI> url = WebUrl.parse(text.get()).filter(uri -> WebUrl.excess(uri).isEmpty());
    boolean ours =
        url.filter(uri -> PublicUrl.of(uri).origin().equals(publicUrl.get().origin())).isPresent();
    boolean plain =
        url.map(URI::getRawPath).filter(path -> path.matches("(/[A-Za-z0-9._~-]+)*/?")).isPresent();
    if (!ours || !plain) {
      values.error(
          "resource",
          key,
          "is "
              + values.shown(key)
              + "; write a URL below "
              + publicUrl.get().origin()
              + " without a query and without escapes");
      return Optional.empty();
    }
    if (door == Door.FILTER && !publicUrl.get().basePath().isEmpty()) {
      values.warn(
          "resource-unreachable",
          key,
          "is set, but its metadata lie at /.well-known/oauth-protected-resource, which is outside"
              + " of this web application; serve them from there by other means");
    }
    return url;
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
