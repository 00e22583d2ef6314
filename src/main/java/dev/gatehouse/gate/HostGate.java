package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.CombinedRule;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.page.Page;
import dev.gatehouse.report.LeakReport;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.CookieNames;
import java.util.Optional;
import java.util.Set;

/**
 * Decides about the requests to one host name. Its cookies, sessions, redirect URIs and return
 * targets are its own (TH-SES-11). Safe for concurrent use.
 */
final class HostGate {
  private final PublicUrl publicUrl;
  private final Admission admission;
  private final CookieNames cookieNames;
  private final ConnectionField connectionField;
  private final UrlHygiene hygiene;
  private final Forwarding forwarding;
  private final AppLogout appLogout;
  private final SessionAccess bySession;
  private final Optional<BearerAccess> bearers;
  private final Optional<ForwardAuthEndpoint> forwardAuth;
  private final OwnPaths ownPaths;
  private final Optional<ProtectedResource> resource;
  private final FormHygiene forms;
  private final Answers answers;
  private final LeakReport leaks;

  HostGate(
      Site site,
      Admission admission,
      CookieNames cookieNames,
      ConnectionField connectionField,
      UrlHygiene hygiene,
      Forwarding forwarding,
      AppLogout appLogout,
      SessionAccess bySession,
      Optional<BearerAccess> bearers,
      Optional<ForwardAuthEndpoint> forwardAuth,
      OwnPaths ownPaths,
      Optional<ProtectedResource> resource,
      FormHygiene forms,
      LeakReport leaks) {
    this.publicUrl = site.publicUrl();
    this.admission = admission;
    this.cookieNames = cookieNames;
    this.connectionField = connectionField;
    this.hygiene = hygiene;
    this.forwarding = forwarding;
    this.appLogout = appLogout;
    this.bySession = bySession;
    this.bearers = bearers;
    this.forwardAuth = forwardAuth;
    this.ownPaths = ownPaths;
    this.resource = resource;
    this.forms = forms;
    this.answers = site.answers();
    this.leaks = leaks;
  }

  /** The public URL whose requests these are. */
  PublicUrl publicUrl() {
    return publicUrl;
  }

  /** What happens to a request whose method and host are in order. */
  Decision judge(ClientRequest request) {
    if (resource.filter(metadata -> metadata.isAt(request)).isPresent()) {
      UrlTokens tokens = hygiene.find(request, CookieJar.NONE);
      return tokens.isEmpty() ? resource.get().answer(request) : hygiene.refuse(request, tokens);
    }
    if (connectionField.namesForbidden(request)) {
      return answers.refuse(request, 400, Page.Kind.BAD_REQUEST, "connection-field").answer();
    }
    RequestPath.Parsed parsed =
        RequestPath.parse(request.rawPath(), publicUrl.basePath(), request.mappedPath());
    CookieJar cookies = CookieJar.read(cookieNames, request.headers("Cookie"));
    UrlTokens tokens = hygiene.find(request, cookies);
    if (!(parsed instanceof RequestPath.Parsed.Ok ok)) {
      if (!tokens.isEmpty()) {
        return hygiene.refuse(request, tokens);
      }
      String reason = ((RequestPath.Parsed.Refused) parsed).reason();
      return reason.equals("outside-base-path")
          ? answers.refuse(request, 404, Page.Kind.NOT_FOUND, reason).answer()
          : answers.refuse(request, 400, Page.Kind.BAD_REQUEST, reason).action("/").answer();
    }
    RequestPath path = ok.path();
    return OwnPaths.reserved(path.canonical())
        ? atOwnPath(request, path, cookies, tokens)
        : atApp(request, path, cookies, tokens);
  }

  private Decision atOwnPath(
      ClientRequest request, RequestPath path, CookieJar cookies, UrlTokens tokens) {
    if (forwardAuth.filter(endpoint -> endpoint.isAt(path)).isPresent()) {
      // A question that may hold the URL of another request, which is looked at like any.
      return forwardAuth.get().answer(request);
    }
    hygiene.noteReferer(request, Leak.NO_ROUTE);
    if (ownPaths.isCallback(path)) {
      return tokens.isEmpty()
          ? ownPaths.answer(request, path, cookies)
          : hygiene.atCallback(request, tokens, same -> ownPaths.answer(same, path, cookies));
    }
    Decision answer =
        tokens.isEmpty()
            ? ownPaths.answer(request, path, cookies)
            : hygiene.atOwnPath(
                request, path, tokens, clean -> ownPaths.answer(clean, path, cookies));
    return forms.atOwnPath(request, answer, path);
  }

  private Decision atApp(
      ClientRequest request, RequestPath path, CookieJar cookies, UrlTokens tokens) {
    AccessRule rule = admission.rule(request, path);
    leaks.passed(rule);
    hygiene.noteReferer(request, rule.pattern());
    hygiene.noteSessionId(request, path, rule);
    return tokens.isEmpty()
        ? formJudged(request, path, cookies, rule)
        : hygiene.judge(
            request, path, rule, tokens, clean -> formJudged(clean, path, cookies, rule));
  }

  private Decision formJudged(
      ClientRequest request, RequestPath path, CookieJar cookies, AccessRule rule) {
    return forms.judge(
        request,
        cookies,
        rule,
        () -> admission.methodsDiffer(request, path, rule),
        inForm -> judged(request, path, cookies, rule, inForm));
  }

  private Decision judged(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      AccessRule rule,
      Set<String> inForm) {
    Set<String> overrides = MethodOverride.also(inForm, request.rawQuery());
    return overrides.isEmpty()
        ? admitted(request, path, cookies, rule)
        : overridden(request, path, cookies, rule, overrides);
  }

  /** Judges a request by the rule for its method and by those for all that it asks for too. */
  private Decision overridden(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      AccessRule own,
      Set<String> methods) {
    if (methods.size() > MethodOverride.MOST) {
      return answers.refuse(request, 400, Page.Kind.BAD_REQUEST, "method-override").answer();
    }
    ClientRequest seen = MethodOverride.seen(request, methods);
    AccessRule combined = own;
    for (String method : methods) {
      AccessRule other = admission.rule(request, method, path);
      Optional<Decision> early = admission.early(seen, path, cookies, other);
      if (early.isPresent()) {
        return early.get();
      }
      combined = CombinedRule.of(combined, other);
    }
    return admitted(seen, path, cookies, combined);
  }

  private Decision admitted(
      ClientRequest request, RequestPath path, CookieJar cookies, AccessRule rule) {
    return admission
        .early(request, path, cookies, rule)
        .orElseGet(() -> byRule(request, path, cookies, rule));
  }

  private Decision byRule(
      ClientRequest request, RequestPath path, CookieJar cookies, AccessRule rule) {
    switch (rule.access()) {
      case ANONYMOUS:
        return appLogout.isWanted(request, path)
            ? appLogout.leaveUntold(request, path, rule, cookies)
            : forwarding.anonymous(request, path, rule);
      case OPTIONAL, LOGIN:
        return bySession.judge(request, path, cookies, rule);
      case BEARER:
        return byToken(request, path, rule).orElseGet(() -> challenge(request, rule));
      case LOGIN_OR_BEARER:
        return byToken(request, path, rule)
            .orElseGet(() -> bySessionOrToken(request, path, cookies, rule));
      default:
        return answers.refuse(request, 403, Page.Kind.DENIED, "deny-rule").action("/").answer();
    }
  }

  private Optional<Decision> byToken(ClientRequest request, RequestPath path, AccessRule rule) {
    return bearers.flatMap(
        access ->
            access.judge(
                request,
                rule,
                (user, holds) -> forwarding.byToken(request, path, rule, user, holds)));
  }

  private Decision challenge(ClientRequest request, AccessRule rule) {
    return bearers
        .map(access -> access.challenge(request, rule))
        .orElseGet(() -> answers.refuse(request, 401, Page.Kind.LOGIN_NEEDED, "no-token").answer());
  }

  private Decision bySessionOrToken(
      ClientRequest request, RequestPath path, CookieJar cookies, AccessRule rule) {
    Decision decision = bySession.judge(request, path, cookies, rule);
    return bearers.map(access -> access.alsoChallenging(decision, rule)).orElse(decision);
  }
}
