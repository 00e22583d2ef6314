package dev.gatehouse.config;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.BearerValidation;
import dev.gatehouse.config.GatehouseConfig.TokenHygiene;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads how access tokens are judged, and what happens to those in the wrong place. */
final class BearerSettings {
  private static final Set<Access> WITH_TOKEN = Set.of(Access.BEARER, Access.LOGIN_OR_BEARER);

  private final Values values;

  BearerSettings(Values values) {
    this.values = values;
  }

  /** How access tokens are judged; has to be there where a rule takes them. */
  Optional<Bearer> bearer(List<AccessRule> rules) {
    if (values.hasSection("bearer")) {
      Optional<String> audience = values.required("bearer.audience");
      Optional<String> validation = values.choice("bearer.validation");
      return audience.flatMap(
          aud -> validation.map(word -> new Bearer(aud, BearerValidation.valueOf(upper(word)))));
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

  /** What happens to tokens in URLs and forms. */
  TokenHygiene tokenHygiene() {
    String key = "token-hygiene";
    if (values.scalar(key).isPresent()) {
      values.warn(
          "not-in-this-version",
          key,
          "has no effect in this version: tokens in URLs and forms are neither refused nor removed");
    }
    return values
        .choice(key)
        .map(word -> TokenHygiene.valueOf(upper(word)))
        .orElse(TokenHygiene.ENFORCE);
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
