package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRules;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.access.LetterCase;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.page.Page;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.Session;
import dev.gatehouse.session.SessionStore;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets requests pass by the session of their browser; without one, a navigation is sent to the OP
 * and everything else is refused (TH-AUTHZ-12, TH-AUTHZ-13). Safe for concurrent use.
 */
final class SessionAccess {
  private final ProviderChoice choice;
  private final WaitingRoom room;
  private final SessionStore sessions;
  private final SessionRefresh refresh;
  private final LoginEndpoint logins;
  private final AttemptLimits limits;
  private final ClientAddress clientAddress;
  private final Forwarding forwarding;
  private final AppLogout appLogout;
  private final Answers answers;
  private final Audit audit;
  private final Clock clock;
  private final PublicUrl publicUrl;
  private final AccessRules touching;
  private final RequestSource source;

  /**
   * @param pollingPaths path patterns whose requests do not count as use of a session (TH-SES-5)
   * @param letterCase whether the app tells letter case in them apart
   * @param source who may open a WebSocket
   */
  SessionAccess(
      Site site,
      ProviderChoice choice,
      SessionStore sessions,
      SessionRefresh refresh,
      LoginEndpoint logins,
      AttemptLimits limits,
      Forwarding forwarding,
      AppLogout appLogout,
      WaitingRoom room,
      List<String> pollingPaths,
      LetterCase letterCase,
      RequestSource source) {
    this.source = source;
    this.choice = choice;
    this.sessions = sessions;
    this.refresh = refresh;
    this.logins = logins;
    this.limits = limits;
    this.clientAddress = site.clientAddress();
    this.forwarding = forwarding;
    this.appLogout = appLogout;
    this.room = room;
    this.answers = site.answers();
    this.audit = site.audit();
    this.clock = site.clock();
    this.publicUrl = site.publicUrl();
    this.touching = new AccessRules(pollingRules(pollingPaths), letterCase);
  }

  /** Judges a request to a path whose rule asks for a session, or would like one. */
  Decision judge(ClientRequest request, RequestPath path, CookieJar cookies, AccessRule rule) {
    boolean touch =
        touching.find(request.method(), path.canonical()).access() != AccessRule.Access.ANONYMOUS;
    SessionStore.Lookup lookup = sessions.find(cookies, clock.instant(), touch);
    if (lookup instanceof SessionStore.Lookup.Found found) {
      noteReturn(request, found.session());
      if (!choice.admits(rule, found.session().provider())) {
        return withOtherSession(request, path, cookies, rule);
      }
      // Who leaves needs no new tokens, and no OP that could stand in his way.
      return refresh.due(found.session(), clock.instant()) && !appLogout.isWanted(request, path)
          ? refreshed(request, path, cookies, rule, found)
          : withSession(request, path, cookies, rule, found);
    }
    if (!(lookup instanceof SessionStore.Lookup.None none)) {
      return answers.storeUnavailable(request);
    }
    return withoutSession(request, path, cookies, rule, none);
  }

  private Decision withoutSession(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      AccessRule rule,
      SessionStore.Lookup.None none) {
    if (rule.access() == AccessRule.Access.OPTIONAL) {
      return forwarding.unknown(request, path, rule);
    }
    if (Navigation.topLevel(request)) {
      if (appLogout.isAt(request, path)) {
        return appLogout.alreadyLeft();
      }
      String target = ReturnTarget.intercepted(path, request.rawQuery(), publicUrl);
      LoginDemand demand =
          LoginDemand.of(rule.provider(), target).with(AuthenticationDemand.of(rule));
      return logins.begin(request, cookies, demand, List.of());
    }
    return refuseWithoutSession(request, none);
  }

  /**
   * The user of another OP is nobody here. A page leads to the right OP, whose session then takes
   * the place of this one; nothing else is worth a login that would end it.
   */
  private Decision withOtherSession(
      ClientRequest request, RequestPath path, CookieJar cookies, AccessRule rule) {
    if (rule.access() != AccessRule.Access.OPTIONAL
        && Navigation.topLevel(request)
        && appLogout.isAt(request, path)) {
      return appLogout.ask();
    }
    if (rule.access() == AccessRule.Access.OPTIONAL || Navigation.topLevel(request)) {
      return withoutSession(
          request, path, cookies, rule, new SessionStore.Lookup.None(true, false));
    }
    return answers
        .refuse(request, 401, Page.Kind.LOGIN_NEEDED, "other-provider")
        .action(LoginEndpoint.link(rule.provider(), publicUrl.basePath() + "/"))
        .answer();
  }

  /** A browser that brings its session back does not lose its cookies (TH-CB-15). */
  private void noteReturn(ClientRequest request, Session session) {
    if (session.firstReturn()) {
      limits.sessionCameBack(
          new AttemptLimits.LoginKey(
              session.identity().issuer(),
              session.identity().subject(),
              clientAddress.limitKey(request)));
    }
  }

  private Decision refreshed(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      AccessRule rule,
      SessionStore.Lookup.Found found) {
    Session session = found.session();
    return new Decision.Pending(
        refresh
            .refresh(session)
            .thenApply(
                verdict ->
                    switch (verdict) {
                      case GOOD -> renewed(request, path, cookies, rule);
                      case ENDED -> ended(request, path, cookies, rule, session);
                      case UNDECIDED -> undecided(request, "refresh-undecided");
                    }),
        room,
        // A token that has some life left is good enough for who finds no place to wait.
        () ->
            session.tokensExpired(clock.instant())
                ? undecided(request, "refresh-crowded")
                : withSession(request, path, cookies, rule, found));
  }

  private Decision undecided(ClientRequest request, String reason) {
    return answers
        .refuse(request, 503, Page.Kind.OP_UNAVAILABLE, reason)
        .retryAfterSeconds(5)
        .answer();
  }

  /** Looks the session up again: it may have ended while the OP was asked (TH-OUT-12). */
  private Decision renewed(
      ClientRequest request, RequestPath path, CookieJar cookies, AccessRule rule) {
    if (!(sessions.find(cookies, clock.instant(), false)
        instanceof SessionStore.Lookup.Found found)) {
      return withoutSession(
          request, path, cookies, rule, new SessionStore.Lookup.None(true, false));
    }
    List<String> lines = sessions.update(found.session(), cookies, clock.instant());
    return withSession(
        request, path, cookies, rule, new SessionStore.Lookup.Found(found.session(), lines));
  }

  private Decision ended(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      AccessRule rule,
      Session session) {
    sessions.end(session, clock.instant());
    audit.session("refresh-refused", request, clientAddress.of(request), session);
    return withoutSession(request, path, cookies, rule, new SessionStore.Lookup.None(true, false));
  }

  private Decision refuseWithoutSession(ClientRequest request, SessionStore.Lookup.None none) {
    // A session that was there and is gone is told as such: the user may have typed for an hour.
    Page.Kind kind = none.presented() ? Page.Kind.SESSION_EXPIRED : Page.Kind.LOGIN_NEEDED;
    String reason = none.ambiguous() ? "session-ambiguous" : "no-session";
    return answers.refuse(request, 401, kind, reason).action(LoginEndpoint.PATH).answer();
  }

  private Decision withSession(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      AccessRule rule,
      SessionStore.Lookup.Found found) {
    Session session = found.session();
    if (!AccessRules.satisfiedByUser(rule, session.identity().claims())) {
      return refuse(request, Page.Kind.FORBIDDEN, "require", found);
    }
    SessionStrength strength = SessionStrength.of(session, rule, clock.instant());
    if (strength != SessionStrength.ENOUGH) {
      return stepUp(request, path, cookies, rule, found, strength);
    }
    if (foreignWebSocket(request)) {
      return refuse(request, Page.Kind.FOREIGN_REQUEST, "origin", found);
    }
    if (appLogout.isWanted(request, path)) {
      return appLogout.leave(request, path, rule, session, cookies);
    }
    Identity user = session.identity();
    return forwarding.known(
        request,
        path,
        rule,
        user,
        forwarding.tellsAccessToken()
            ? session.usableAccessToken(clock.instant())
            : Optional.empty(),
        found.setCookies(),
        used -> holds(cookies, rule, user, used));
  }

  /**
   * Asks the OP for what this session lacks (TH-AUTHZ-9, TH-AUTHZ-14). The session stays as it is
   * until the OP has answered as it was asked to; the page is never reached with less.
   */
  private Decision stepUp(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      AccessRule rule,
      SessionStore.Lookup.Found found,
      SessionStrength strength) {
    // Where the OP has said no to a scope, asking again at every page would be a loop.
    boolean person = Navigation.topLevel(request);
    if (strength == SessionStrength.SCOPE_REFUSED
        || (strength == SessionStrength.SCOPE_MISSING && !person)) {
      return refuse(request, Page.Kind.FORBIDDEN, "insufficient-scope", found);
    }
    AuthenticationDemand demand = AuthenticationDemand.of(rule);
    if (person) {
      String target = ReturnTarget.intercepted(path, request.rawQuery(), publicUrl);
      // What was granted before is asked for again, for the new access token takes its place.
      AuthenticationDemand whole =
          demand.onTopOf(
              new AuthenticationDemand(
                  List.of(), Optional.empty(), found.session().authentication().scopes()));
      return logins.begin(
          request,
          cookies,
          LoginDemand.of(Optional.of(found.session().provider()), target).with(whole),
          found.setCookies());
    }
    Answers.Refusal refusal =
        answers
            .refuse(request, 401, Page.Kind.LOGIN_NEEDED, "step-up")
            .header("WWW-Authenticate", Answers.stepUpChallenge(demand))
            .action("/");
    found.setCookies().forEach(refusal::cookie);
    return refusal.answer();
  }

  /** A renewed cookie goes out with a refusal too: the one that it replaces may be of no use. */
  private Decision refuse(
      ClientRequest request, Page.Kind kind, String reason, SessionStore.Lookup.Found found) {
    Answers.Refusal refusal = answers.refuse(request, 403, kind, reason).action("/");
    found.setCookies().forEach(refusal::cookie);
    return refusal.answer();
  }

  /** Whether a session that let a request pass would let it pass again. */
  private boolean holds(CookieJar cookies, AccessRule rule, Identity user, boolean used) {
    return sessions.find(cookies, clock.instant(), used) instanceof SessionStore.Lookup.Found found
        && found.session().identity().issuer().equals(user.issuer())
        && found.session().identity().subject().equals(user.subject())
        && AccessRules.satisfiedByUser(rule, found.session().identity().claims())
        && SessionStrength.of(found.session(), rule, clock.instant()) == SessionStrength.ENOUGH;
  }

  /** Browsers send cookies with cross-site WebSocket handshakes (RFC 6455 §10.2, TH-HTTP-11). */
  private boolean foreignWebSocket(ClientRequest request) {
    return opensWebSocket(request) && !source.mayConnect(request);
  }

  private static boolean opensWebSocket(ClientRequest request) {
    // A proxy that asks about a request may keep Upgrade to itself, as a field of one connection
    // (RFC 9110 §7.6.1); the other fields of a handshake are not, and no script can set them.
    return request.header("Sec-WebSocket-Key") != null
        || request.header("Sec-WebSocket-Version") != null
        // Wherever it is named: doors and apps read lists and repeated fields in their own ways.
        || request.header("Upgrade") != null
            && request.headers("Upgrade").stream()
                .anyMatch(upgrade -> upgrade.toLowerCase(Locale.ROOT).contains("websocket"));
  }

  private static List<AccessRule> pollingRules(List<String> patterns) {
    return patterns.stream()
        .map(
            pattern ->
                new AccessRule(
                    pattern, Set.of(), AccessRule.Access.ANONYMOUS, Map.of(), Set.of(), 0))
        .toList();
  }
}
