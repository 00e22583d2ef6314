package dev.gatehouse.config;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.BearerValidation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads how access tokens are judged. */
final class BearerSettings {
  private static final Set<Access> WITH_TOKEN = Set.of(Access.BEARER, Access.LOGIN_OR_BEARER);

  private final Values values;

  BearerSettings(Values values) {
    this.values = values;
  }

  /** How access tokens are judged; has to be there where a rule takes them. */
  Optional<Bearer> bearer(List<AccessRule> rules, Set<String> providers) {
    if (values.hasSection("bearer")) {
      Optional<String> audience = values.required("bearer.audience");
      Optional<String> validation = values.choice("bearer.validation");
      Optional<String> provider = provider(providers, validation);
      return audience.flatMap(
          aud ->
              validation.map(
                  word -> new Bearer(aud, BearerValidation.valueOf(upper(word)), provider)));
    }
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
  private Optional<String> provider(Set<String> providers, Optional<String> validation) {
    String key = "bearer.provider";
    Optional<String> provider = values.text(key);
    provider
        .filter(name -> !providers.contains(name) && !providers.isEmpty())
        .ifPresent(
            name ->
                values.error(
                    "unknown-provider",
                    key,
                    "is " + values.shown(key) + "; there are: " + String.join(", ", providers)));
    if (provider.isEmpty()
        && providers.size() > 1
        && validation.filter("introspection"::equals).isPresent()) {
      values.error(
          "missing-key",
          key,
          "is missing: say which provider is asked about access tokens, one of "
              + String.join(", ", providers));
    }
    return provider.filter(providers::contains);
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
