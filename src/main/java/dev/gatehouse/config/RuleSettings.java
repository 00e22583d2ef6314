package dev.gatehouse.config;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.access.AccessRules;
import dev.gatehouse.access.Handling;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.access.RuleFinding;
import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Node.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads who may reach which path. */
final class RuleSettings {
  private static final Pattern METHOD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Z-]+");
  private static final Set<Access> WITH_USER =
      Set.of(Access.LOGIN, Access.BEARER, Access.LOGIN_OR_BEARER);
  private static final Set<Access> WITH_TOKEN = Set.of(Access.BEARER, Access.LOGIN_OR_BEARER);
  private static final Set<Access> WITH_LOGIN = Set.of(Access.LOGIN, Access.LOGIN_OR_BEARER);

  private final Values values;
  private final Set<String> providers;
  private final HygieneMode everywhere;

  /**
   * @param providers the names that a rule may name
   * @param everywhere what happens to misplaced tokens where a rule says nothing of it
   */
  RuleSettings(Values values, Set<String> providers, HygieneMode everywhere) {
    this.values = values;
    this.everywhere = everywhere;
    this.providers = Set.copyOf(providers);
  }

  /** The rules, in the order of the file; those that are refused are left out. */
  List<AccessRule> read() {
    List<AccessRule> rules = new ArrayList<>();
    boolean compiles = true;
    for (int i = 0; i < values.places("rules"); i++) {
      String place = "rules[" + i + "]";
      if (values.isSound(place)) {
        rule(place).ifPresent(rules::add);
      }
      compiles &= values.isSound(place, place + ".path", place + ".access", place + ".methods");
    }
    if (compiles) {
      new AccessRules(rules).findings().forEach(this::warn);
    }
    return rules;
  }

  private void warn(RuleFinding finding) {
    values.warnAt(finding.rule().line(), "shadowed-rule", "rules", finding.message());
  }

  private Optional<AccessRule> rule(String place) {
    Optional<String> path = values.required(place + ".path");
    values
        .scalar(place + ".path")
        .ifPresent(pattern -> RulePath.check(values, place + ".path", pattern));
    Optional<Access> access = access(place + ".access");
    Set<String> methods = methods(place + ".methods");
    Map<String, Set<String>> require = require(place + ".require");
    Set<String> scopes = new LinkedHashSet<>(values.texts(place + ".scopes"));
    values.items(place + ".scopes").forEach((item, scope) -> ScopeToken.check(values, item, scope));
    Optional<Duration> maxAge = values.optionalDuration(place + ".max-age");
    Optional<String> provider = provider(place + ".provider");
    access.ifPresent(word -> refuseIdleConditions(place, word, require, scopes));
    access.ifPresent(word -> refuseIdleLogin(place, word, maxAge, provider));
    Handling handling = handling(place, access);
    if (path.isEmpty() || access.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new AccessRule(
            path.get(),
            methods,
            access.get(),
            require,
            scopes,
            maxAge,
            provider,
            handling,
            values.line(place)));
  }

  private Handling handling(String place, Optional<Access> access) {
    String hygiene = place + ".token-hygiene";
    Optional<HygieneMode> mode = values.choice(hygiene).map(HygieneSettings::mode);
    Optional<String> reason = values.text(place + ".reason");
    if (mode.isPresent() && !mode.get().equals(everywhere) && reason.isEmpty()) {
      values.error(
          "reason-missing", hygiene, "differs from the rest, so say why in this rule: reason: …");
    }
    boolean forwardToken = values.flag(place + ".forward-token");
    if (forwardToken && access.filter(WITH_TOKEN::contains).isEmpty()) {
      values.error(
          "rule-conflict",
          place + ".forward-token",
          "has no effect without an access token; write access: bearer, or remove it");
    }
    boolean forwardPathParameters =
        values.choice(place + ".path-parameters").filter("forward"::equals).isPresent();
    return new Handling(mode, reason, forwardToken, forwardPathParameters);
  }

  private Optional<String> provider(String key) {
    Optional<String> name = values.text(key);
    name.filter(text -> !providers.contains(text) && !providers.isEmpty())
        .ifPresent(
            text ->
                values.error(
                    "unknown-provider",
                    key,
                    "is " + values.shown(key) + "; there are: " + String.join(", ", providers)));
    return name;
  }

  private Optional<Access> access(String key) {
    if (values.required(key).isEmpty()) {
      return Optional.empty();
    }
    return values
        .choice(key)
        .map(choice -> choice.toUpperCase(Locale.ROOT).replace('-', '_'))
        .map(Access::valueOf);
  }

  private Set<String> methods(String key) {
    values
        .items(key)
        .forEach(
            (place, method) -> {
              if (!METHOD.matcher(method.text()).matches()) {
                values.error(
                    "method", place, "is " + method.shown() + "; write it in upper case, as POST");
              }
            });
    return Set.copyOf(new LinkedHashSet<>(values.texts(key)));
  }

  private Map<String, Set<String>> require(String key) {
    Map<String, Set<String>> require = new LinkedHashMap<>();
    values
        .map(key)
        .forEach(
            (claim, node) -> {
              List<Node> items =
                  node instanceof Sequence sequence ? sequence.items() : List.of(node);
              Set<String> wanted =
                  items.stream()
                      .map(item -> ((Scalar) item).text())
                      .collect(Collectors.toUnmodifiableSet());
              if (wanted.isEmpty() || wanted.contains("")) {
                values.error(
                    "empty", key + "." + claim, "has an empty value; write what the claim must be");
              }
              require.put(claim, wanted);
            });
    return require;
  }

  // A condition that the gate never looks at would seem to protect what it does not.
  private void refuseIdleConditions(
      String place, Access access, Map<String, Set<String>> require, Set<String> scopes) {
    String name = access.name().toLowerCase(Locale.ROOT);
    if (!require.isEmpty() && !WITH_USER.contains(access)) {
      values.error(
          "rule-conflict",
          place + ".require",
          "has no effect with access: " + name + "; write access: login, or remove it");
    }
    if (!scopes.isEmpty() && !WITH_USER.contains(access)) {
      values.error(
          "rule-conflict",
          place + ".scopes",
          "has no effect with access: " + name + "; write access: bearer or login, or remove it");
    }
  }

  private void refuseIdleLogin(
      String place, Access access, Optional<Duration> maxAge, Optional<String> provider) {
    String name = access.name().toLowerCase(Locale.ROOT);
    if (maxAge.isPresent() && !WITH_LOGIN.contains(access)) {
      values.error(
          "rule-conflict",
          place + ".max-age",
          "has no effect with access: " + name + "; write access: login, or remove it");
    }
    if (provider.isPresent() && !WITH_USER.contains(access)) {
      values.error(
          "rule-conflict",
          place + ".provider",
          "has no effect with access: " + name + "; write access: login, or remove it");
    }
  }
}
