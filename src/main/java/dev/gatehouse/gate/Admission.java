package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.access.AccessRules;
import dev.gatehouse.access.PreflightMode;
import dev.gatehouse.page.Page;
import dev.gatehouse.session.CookieJar;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Which rule holds for a request, and what is settled before anybody asks for the user: from where
 * it comes, whether it is a CORS preflight, and on whose behalf a browser sends it. Immutable, safe
 * for concurrent use.
 */
final class Admission {
  private final AccessRules rules;
  private final ClientAddress clientAddress;
  private final PreflightMode preflight;
  private final SiteIsolation isolation;
  private final Forwarding forwarding;
  private final Answers answers;

  Admission(
      Site site,
      AccessRules rules,
      PreflightMode preflight,
      SiteIsolation isolation,
      Forwarding forwarding) {
    this.rules = rules;
    this.clientAddress = site.clientAddress();
    this.preflight = preflight;
    this.isolation = isolation;
    this.forwarding = forwarding;
    this.answers = site.answers();
  }

  /** The rule that holds; never null. Allocates nothing where no rule names a network. */
  AccessRule rule(ClientRequest request, RequestPath path) {
    return rule(request, request.method(), path);
  }

  /** The rule that would hold if the request had that method. */
  AccessRule rule(ClientRequest request, String method, RequestPath path) {
    AccessRule rule = rules.find(method, path.canonical());
    return rule.opens() && isElsewhere(request, rule)
        ? rules.elsewhere(method, path.canonical())
        : rule;
  }

  /** Whether a request with another method would be held by another rule than {@code rule}. */
  boolean methodsDiffer(ClientRequest request, RequestPath path, AccessRule rule) {
    return MethodOverride.WISHES.stream().anyMatch(method -> rule(request, method, path) != rule);
  }

  private boolean isElsewhere(ClientRequest request, AccessRule rule) {
    if (rule.networks().isEmpty()) {
      return false;
    }
    Optional<InetAddress> client = clientAddress.address(request);
    return !rule.admits(client);
  }

  /** What is decided already; empty where it depends on who the user is. */
  Optional<Decision> early(
      ClientRequest request, RequestPath path, CookieJar cookies, AccessRule rule) {
    if (isElsewhere(request, rule)) {
      return Optional.of(refusal(request, Page.Kind.DENIED, "network"));
    }
    if (rule.access() == Access.DENY) {
      return Optional.empty();
    }
    if (Preflight.isAsked(request)) {
      AccessRule asked = askedRule(request, path, rule);
      // The body last: a door may have to wait for it.
      if (goesToApp(asked) && !isElsewhere(request, asked) && !request.hasBody()) {
        return Optional.of(forwarding.preflight(request, path, asked));
      }
    }
    return isolation.refuses(request, rule, cookies)
        ? Optional.of(refusal(request, Page.Kind.FOREIGN_REQUEST, "cross-site"))
        : Optional.empty();
  }

  /** A preflight is about another method than its own, unless a rule is written for OPTIONS. */
  private AccessRule askedRule(ClientRequest request, RequestPath path, AccessRule rule) {
    return rule.methods().contains("OPTIONS")
        ? rule
        : rule(request, Preflight.askedMethod(request), path);
  }

  private boolean goesToApp(AccessRule rule) {
    return rule.access() != Access.DENY
        && rule.handling().preflight().orElse(preflight) == PreflightMode.TO_APP;
  }

  private Decision refusal(ClientRequest request, Page.Kind kind, String reason) {
    return answers.refuse(request, 403, kind, reason).action("/").answer();
  }
}
