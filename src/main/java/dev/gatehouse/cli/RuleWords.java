package dev.gatehouse.cli;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.access.CrossSiteMode;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.access.PreflightMode;
import dev.gatehouse.access.Requirement;
import dev.gatehouse.config.GatehouseConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Says in words what a rule says. */
final class RuleWords {
  private RuleWords() {}

  /** The rule in one line. */
  static String of(AccessRule rule) {
    StringBuilder words = new StringBuilder();
    words.append(rule.line() == 0 ? "no rule names it: " : "line " + rule.line() + ": ");
    words.append(rule.line() == 0 ? "" : rule.pattern() + " ");
    if (!rule.methods().isEmpty()) {
      words.append(String.join(",", new TreeSet<>(rule.methods()))).append(' ');
    }
    if (!rule.hosts().isEmpty()) {
      words.append("at ").append(String.join(",", new TreeSet<>(rule.hosts()))).append(' ');
    }
    words.append("access ").append(name(rule.access()));
    if (!rule.networks().isEmpty()) {
      words.append(", networks ").append(rule.networks());
    }
    if (!rule.require().isEmpty()) {
      words.append(", require ").append(rule.require());
    }
    if (!rule.acr().isEmpty()) {
      words.append(", acr ").append(rule.acr());
    }
    rule.maxAge().ifPresent(age -> words.append(", max-age ").append(age.toSeconds()).append('s'));
    rule.provider().ifPresent(name -> words.append(", provider ").append(name));
    if (!rule.scopes().isEmpty()) {
      words.append(", scopes ").append(new TreeSet<>(rule.scopes()));
    }
    return words.toString();
  }

  /** The word of the configuration file for {@code choice}. */
  static String name(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How the requests of the rule are treated, beside who may pass. */
  static List<String> handling(AccessRule rule, GatehouseConfig config) {
    List<String> lines = new ArrayList<>();
    HygieneMode everywhere = config.tokenHygiene().mode();
    lines.add(
        "tokens    in its URLs and forms: "
            + name(rule.handling().tokenHygiene().orElse(everywhere))
            + rule.handling().reason().map(reason -> ", because: " + reason).orElse(""));
    if (rule.access() == Access.DENY) {
      return lines;
    }
    CrossSiteMode crossSite = config.app().crossSite().mode();
    if (rule.handling().crossSite().isPresent()) {
      lines.add("others    what other sites do: " + name(rule.handling().crossSite().get()));
    } else if (rule.access() != Access.ANONYMOUS && rule.access() != Access.BEARER) {
      lines.add("others    what other sites do with a user's session: " + name(crossSite));
    }
    if (rule.handling().preflight().orElse(config.app().preflight()) == PreflightMode.TO_APP) {
      lines.add("others    CORS preflights go to the app, which is told of nobody");
    }
    return lines;
  }

  /** What the claims say to each part of a requirement. */
  static List<String> judgement(Requirement requirement, Map<String, Object> claims) {
    List<String> lines = new ArrayList<>();
    judge(lines, "          ", requirement, claims);
    return lines;
  }

  private static void judge(
      List<String> lines, String margin, Requirement part, Map<String, Object> claims) {
    String answer =
        switch (part.judge(claims)) {
          case YES -> "yes: ";
          case NO -> "no: ";
          case UNKNOWN -> "not told, so no: ";
        };
    lines.add(margin + answer + part);
    String deeper = margin + "  ";
    if (part instanceof Requirement.Any any) {
      any.parts().forEach(each -> judge(lines, deeper, each, claims));
    } else if (part instanceof Requirement.All all) {
      all.parts().forEach(each -> judge(lines, deeper, each, claims));
    } else if (part instanceof Requirement.Not not) {
      judge(lines, deeper, not.part(), claims);
    }
  }
}
