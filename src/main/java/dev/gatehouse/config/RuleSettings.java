package dev.gatehouse.config;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.access.AccessRules;
import dev.gatehouse.access.Cidr;
import dev.gatehouse.access.Handling;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.access.LetterCase;
import dev.gatehouse.access.Requirement;
import dev.gatehouse.access.RuleFinding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads who may reach which path. */
final class RuleSettings {
  private static final Pattern METHOD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Z-]+");
  private static final Set<Access> WITH_USER =
      Set.of(Access.LOGIN, Access.BEARER, Access.LOGIN_OR_BEARER);
  private static final Set<Access> WITH_LOGIN = Set.of(Access.LOGIN, Access.LOGIN_OR_BEARER);

  private final Values values;
  private final Set<String> providers;
  private final List<String> hosts;
  private final HandlingSettings handling;
  private final LetterCase letterCase;

  /**
   * @param providers the names that a rule may name
   * @param hosts the host names that a rule may name; empty where they are not known
   * @param everywhere what happens to misplaced tokens where a rule says nothing of it
   */
  RuleSettings(
      Values values,
      Set<String> providers,
      List<String> hosts,
      HygieneMode everywhere,
      LetterCase letterCase) {
    this.values = values;
    this.providers = Set.copyOf(providers);
    this.hosts = List.copyOf(hosts);
    this.handling = new HandlingSettings(values, everywhere);
    this.letterCase = letterCase;
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
      compiles &= values.isSound(place + ".hosts");
    }
    if (compiles) {
      AccessRules.findings(rules, hosts.isEmpty() ? List.of("") : hosts, letterCase)
          .forEach(this::warn);
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
    Set<String> ruleHosts = hosts(place + ".hosts");
    List<Cidr> networks = networks(place + ".networks");
    RequirementSettings claims = new RequirementSettings(values, place + ".require");
    Requirement require = claims.read();
    List<String> acr = acr(place, claims.acr());
    Set<String> scopes = new LinkedHashSet<>(values.texts(place + ".scopes"));
    values.items(place + ".scopes").forEach((item, scope) -> ScopeToken.check(values, item, scope));
    Optional<Duration> maxAge = values.optionalDuration(place + ".max-age");
    Optional<String> provider = provider(place + ".provider");
    access.ifPresent(word -> refuseIdleConditions(place, word, require, scopes));
    access.ifPresent(word -> refuseIdleLogin(place, word, maxAge, provider));
    access.ifPresent(word -> refuseIdleWays(place, word, acr, networks));
    Handling handling = this.handling.read(place, access);
    if (path.isEmpty() || access.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new AccessRule(
            path.get(),
            methods,
            ruleHosts,
            networks,
            access.get(),
            require,
            acr,
            scopes,
            maxAge,
            provider,
            handling,
            values.line(place)));
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

  private List<String> acr(String place, Set<String> required) {
    String key = place + ".acr";
    List<String> acr = values.texts(key).stream().distinct().toList();
    if (!acr.isEmpty() && !required.isEmpty()) {
      values.error(
          "rule-conflict", place + ".require.acr", "says what acr says too; write acr alone");
    }
    return acr.isEmpty() ? List.copyOf(new TreeSet<>(required)) : acr;
  }

  private Set<String> hosts(String key) {
    values
        .items(key)
        .forEach(
            (place, host) -> {
              if (!hosts.isEmpty() && !hosts.contains(host.text())) {
                values.error(
                    "unknown-host",
                    place,
                    "is " + host.shown() + "; there are: " + String.join(", ", hosts));
              }
            });
    return Set.copyOf(new LinkedHashSet<>(values.texts(key)));
  }

  private List<Cidr> networks(String key) {
    List<Cidr> networks = new ArrayList<>();
    values
        .items(key)
        .forEach(
            (place, block) -> {
              Optional<Cidr> network = Cidr.parse(block.text());
              network.ifPresent(networks::add);
              if (network.isEmpty()) {
                values.error(
                    "cidr",
                    place,
                    "is "
                        + block.shown()
                        + "; write an address block such as 10.0.0.0/8 or 2001:db8::/32, with zero"
                        + " bits behind the prefix");
              }
            });
    if (values.isWritten(key) && values.items(key).isEmpty()) {
      values.error("empty", key, "names no network; write one, or remove it to let all pass");
    }
    return networks;
  }

  // A condition that the gate never looks at would seem to protect what it does not.
  private void refuseIdleConditions(
      String place, Access access, Requirement require, Set<String> scopes) {
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

  private void refuseIdleWays(String place, Access access, List<String> acr, List<Cidr> networks) {
    if (!acr.isEmpty() && !WITH_USER.contains(access)) {
      String key = values.isWritten(place + ".acr") ? place + ".acr" : place + ".require";
      values.error(
          "rule-conflict",
          key,
          "has no effect with access: "
              + access.name().toLowerCase(Locale.ROOT)
              + "; write access: login, or remove it");
    }
    if (!networks.isEmpty() && access == Access.DENY) {
      values.error(
          "rule-conflict",
          place + ".networks",
          "has no effect with access: deny, which nobody passes from anywhere; write networks in"
              + " the rule that lets some of them pass");
    }
  }

  private void refuseIdleLogin(
      String place, Access access, Optional<Duration> maxAge, Optional<String> provider) {
    String name = access.name().toLowerCase(Locale.ROOT);
    if (maxAge.isPresent() && !WITH_USER.contains(access)) {
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
