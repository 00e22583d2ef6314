package dev.gatehouse.cli;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRules;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.IdentityMapping;
import dev.gatehouse.config.IdentityMapping.AppAuthorization;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.config.UpstreamRoute;
import dev.gatehouse.config.UpstreamTarget;
import dev.gatehouse.gate.Gate;
import dev.gatehouse.gate.RequestPath;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.oidc.NumericDate;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Explains what becomes of a request in words for whoever writes the rules. */
final class Explanation {
  private final GatehouseConfig config;
  private final Instant now;
  private PublicUrl publicUrl;
  private final IdentityMapper mapper;

  Explanation(GatehouseConfig config, Instant now) {
    this.config = config;
    this.now = now;
    this.publicUrl = config.publicUrl();
    this.mapper =
        new IdentityMapper(config.identity(), new AccessRules(config.rules()).claimNames());
  }

  /**
   * One line for each step of the decision.
   *
   * @param url absolute, or from the first slash
   * @param user the claims of whoever asks, {@code sub} among them; empty for a stranger
   * @param from the client's address; empty for one that every network of a rule holds
   */
  List<String> of(
      String method, String url, Optional<Map<String, Object>> user, Optional<InetAddress> from) {
    publicUrl = config.publicUrl();
    List<String> lines = new ArrayList<>();
    String target = url.split("#", 2)[0];
    if (!target.startsWith("/")) {
      String rest = afterOrigin(target);
      if (rest == null) {
        lines.add(
            "refused   421: no other host is served than "
                + config.publicUrls().stream()
                    .map(PublicUrl::toString)
                    .collect(Collectors.joining(", ")));
        return lines;
      }
      target = rest.isEmpty() || rest.startsWith("?") ? "/" + rest : rest;
    }
    if (List.of("TRACE", "TRACK", "CONNECT").contains(method)) {
      lines.add("refused   405: " + method + " is never let through");
      return lines;
    }
    RequestPath.Parsed parsed =
        RequestPath.parse(
            target.split("\\?", 2)[0], config.publicUrl().basePath(), Optional.empty());
    if (parsed instanceof RequestPath.Parsed.Ok ok) {
      path(lines, method, ok.path(), user, from);
    } else {
      String reason = ((RequestPath.Parsed.Refused) parsed).reason();
      int status = reason.equals("outside-base-path") ? 404 : 400;
      lines.add("refused   " + status + ": " + reason);
    }
    return lines;
  }

  /** What follows the origin of a public URL, which is noted; null for another origin. */
  private String afterOrigin(String url) {
    for (PublicUrl candidate : config.publicUrls()) {
      String origin = candidate.origin();
      if (url.regionMatches(true, 0, origin, 0, origin.length())) {
        String rest = url.substring(origin.length());
        if (rest.isEmpty() || rest.startsWith("/") || rest.startsWith("?")) {
          publicUrl = candidate;
          return rest;
        }
      }
    }
    return null;
  }

  private void path(
      List<String> lines,
      String method,
      RequestPath path,
      Optional<Map<String, Object>> user,
      Optional<InetAddress> from) {
    lines.add("path      " + path.canonical() + " is judged, " + path.forwarded() + " is sent on");
    if (path.sessionIdInUrl()) {
      lines.add("          ;jsessionid=… is no part of what is judged");
    }
    if (Gate.answersItself(path.canonical())) {
      lines.add("answer    by the gateway itself; no rule is looked at");
      return;
    }
    upstream(lines, path);
    AccessRules rules = AccessRules.at(publicUrl.host(), config.rules(), config.app().letterCase());
    AccessRule rule = rules.find(method, path.canonical());
    lines.add("rule      " + RuleWords.of(rule));
    for (AccessRule other : config.rules()) {
      if (!other.equals(rule) && alone(other, method, path.canonical())) {
        lines.add("not       " + RuleWords.of(other) + ": less specific, or less strict");
      }
    }
    if (rule.opens() && isOutside(rule, from)) {
      lines.add("from      " + shown(from) + " is outside its networks, where it opens nothing");
      rule = rules.elsewhere(method, path.canonical());
      lines.add("rule      " + RuleWords.of(rule));
    }
    if (isOutside(rule, from)) {
      lines.add("answer    403: " + shown(from) + " is outside the networks of that rule");
      return;
    }
    if (!rule.networks().isEmpty()) {
      lines.add(
          "from      "
              + from.map(address -> shown(from) + " is within its networks")
                  .orElse("an address within its networks; name another with --from"));
    }
    lines.addAll(RuleWords.handling(rule, config));
    answer(lines, method, rule, user);
  }

  /** Where the request would go; of one app there is nothing to tell. */
  private void upstream(List<String> lines, RequestPath path) {
    if (config.upstreams().routes().isEmpty() || config.upstreams().isSingle()) {
      return;
    }
    UpstreamRoute route =
        config
            .upstreams()
            .at(publicUrl.host(), config.app().letterCase(), Function.<UpstreamRoute>identity())
            .find(path.canonical());
    if (route == null) {
      lines.add("upstream  none: 404 to whoever the rule lets pass");
      return;
    }
    String atApp =
        route
            .prefix(publicUrl.basePath())
            .map(prefix -> prefix.toApp(path.forwarded()))
            .orElse(path.forwarded());
    lines.add(
        "upstream  "
            + route.name()
            + " → "
            + route.targets().stream()
                .map(UpstreamTarget::toString)
                .collect(Collectors.joining(", "))
            + ", as "
            + atApp);
  }

  private static boolean isOutside(AccessRule rule, Optional<InetAddress> from) {
    return from.isPresent() && !rule.admits(from);
  }

  private static String shown(Optional<InetAddress> from) {
    return from.map(InetAddress::getHostAddress).orElse("");
  }

  /** Whether {@code rule} would hold if it were the only one. */
  private boolean alone(AccessRule rule, String method, String path) {
    return AccessRules.at(publicUrl.host(), List.of(rule), config.app().letterCase())
        .find(method, path)
        .equals(rule);
  }

  private void answer(
      List<String> lines, String method, AccessRule rule, Optional<Map<String, Object>> user) {
    switch (rule.access()) {
      case DENY -> lines.add("answer    403 for everybody");
      case ANONYMOUS -> toApp(lines, "for everybody; the app is not told who it is", List.of());
      default -> {
        if (user.isPresent()) {
          known(lines, rule, user.get());
        } else {
          stranger(lines, method, rule);
        }
      }
    }
  }

  private void stranger(List<String> lines, String method, AccessRule rule) {
    if (rule.access() == AccessRule.Access.OPTIONAL) {
      toApp(lines, "for everybody; without a session the app is not told who it is", List.of());
    } else {
      boolean page = method.equals("GET") || method.equals("HEAD");
      if (rule.access() != AccessRule.Access.LOGIN) {
        lines.add("answer    with a bad access token: 401; without the scopes: 403");
      }
      lines.add(
          rule.access() == AccessRule.Access.BEARER
              ? "answer    without an access token: 401"
              : "answer    without a session: "
                  + (page ? login(rule) + " for a page, 401 for anything else" : "401"));
      lines.add(
          "answer    else the app's" + (rule.require().isEmpty() ? "" : ", if it fits") + ":");
    }
    config
        .identity()
        .headers()
        .forEach((header, claim) -> lines.add("          " + header + ": (claim " + claim + ")"));
  }

  /** The name of the provider whose users alone may pass, by the host or the rule. */
  private Optional<String> only(AccessRule rule) {
    return rule.provider().or(() -> Optional.ofNullable(config.hosts().get(publicUrl.host())));
  }

  private String login(AccessRule rule) {
    if (config.providers().size() == 1) {
      return "302 to the OP";
    }
    return only(rule)
        .or(config::defaultProvider)
        .map(name -> "302 to " + name)
        .orElse("302 to a page that lets the user choose a provider");
  }

  private void known(List<String> lines, AccessRule rule, Map<String, Object> claims) {
    String issuer =
        claims.get("iss") instanceof String iss
            ? iss
            : config.providers().get(only(rule).orElse(config.provider().name())).issuer();
    Optional<String> elsewhere =
        only(rule).filter(name -> !config.providers().get(name).issuer().equals(issuer));
    if (elsewhere.isPresent()) {
      lines.add("answer    as to a stranger: only users of " + elsewhere.get() + " pass here");
      return;
    }
    IdentityMapper.Mapping mapping = mapper.map(issuer, (String) claims.get("sub"), claims);
    if (!(mapping instanceof IdentityMapper.Mapping.Mapped mapped)) {
      IdentityMapper.Mapping.Refused refused = (IdentityMapper.Mapping.Refused) mapping;
      lines.add("answer    " + refused.status() + " at login: " + refused.reason());
      return;
    }
    Identity identity = mapped.identity();
    if (!AccessRules.satisfiedByUser(rule, identity.claims())) {
      lines.add("answer    403: this user lacks what the rule requires");
      lines.addAll(RuleWords.judgement(rule.require(), identity.claims()));
      return;
    }
    if (lacksStrength(lines, rule, claims)) {
      return;
    }
    Set<String> missing = new TreeSet<>(rule.scopes());
    missing.removeAll(List.of(String.valueOf(claims.get("scope")).split(" ")));
    if (!missing.isEmpty()) {
      lines.add("answer    403 to an access token without the scopes " + missing);
      if (rule.access() == AccessRule.Access.BEARER) {
        return;
      }
      lines.add("          a session without them asks the OP for them");
    }
    toApp(lines, "for this user", identity.headers());
    proofs(lines);
    config.identity().headers().keySet().stream()
        .filter(name -> identity.headers().stream().noneMatch(field -> field.name().equals(name)))
        .forEach(name -> lines.add("          (no " + name + ": this user has no such claim)"));
    lines.add("roles     " + new TreeSet<>(identity.roles()));
  }

  /** The user may pass once he has proven himself anew, or in another way (RFC 9470 §3, §4). */
  private boolean lacksStrength(List<String> lines, AccessRule rule, Map<String, Object> claims) {
    List<String> lacking = new ArrayList<>();
    boolean rightContext = claims.get("acr") instanceof String acr && rule.acr().contains(acr);
    if (!rule.acr().isEmpty() && !rightContext) {
      lacking.add("acr is none of " + rule.acr());
    }
    boolean tooOld =
        rule.maxAge().isPresent()
            && NumericDate.read(claims.get("auth_time"))
                .filter(at -> !at.plus(rule.maxAge().get()).isBefore(now))
                .isEmpty();
    if (tooOld) {
      lacking.add("auth_time is none, or longer ago than the max-age of the rule");
    }
    if (!lacking.isEmpty()) {
      lines.add("answer    not before a login that mends this: " + String.join("; ", lacking));
      lines.add(
          rule.access() == AccessRule.Access.BEARER
              ? "          401 insufficient_user_authentication"
              : "          302 to the OP for a page, 401 insufficient_user_authentication else");
    }
    return !lacking.isEmpty();
  }

  /** What the app gets to be sure of the user; nothing here signs, and nothing shows a secret. */
  private void proofs(List<String> lines) {
    IdentityMapping identity = config.identity();
    identity
        .assertion()
        .ifPresent(
            assertion ->
                lines.add(
                    "          "
                        + assertion.header()
                        + ": (a JWT for "
                        + assertion.audience()
                        + ", with "
                        + assertion.lifetime().toSeconds()
                        + " s to live)"));
    String authorization =
        identity.authorization() instanceof AppAuthorization.BearerAssertion
            ? "(Bearer and that JWT)"
            : identity.authorization() instanceof AppAuthorization.BearerAccessToken
                ? "(Bearer and the access token of the session)"
                : identity.authorization() instanceof AppAuthorization.Basic
                    ? "(Basic and the shared password)"
                    : "";
    if (!authorization.isEmpty()) {
      lines.add("          Authorization: " + authorization);
    }
  }

  private void toApp(List<String> lines, String whom, List<HeaderField> headers) {
    lines.add("answer    the app's, " + whom + ". It receives:");
    headers.forEach(field -> lines.add("          " + field.name() + ": " + field.value()));
    lines.add("          X-Forwarded-Host: " + publicUrl.authority());
    lines.add("          X-Forwarded-Proto: " + config.publicUrl().scheme());
    lines.add("          X-Forwarded-For: (the client's address)");
  }
}
