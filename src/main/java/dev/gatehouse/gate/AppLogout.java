package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRules;
import dev.gatehouse.access.LetterCase;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.Session;
import dev.gatehouse.session.SessionStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The app's own logout pages: what ends the app's session ends the gateway's too (TH-OUT-10), where
 * it is plainly the user's doing. A link or form on another site must not end anybody's session
 * (TH-CSRF-1), so a request that does not say that it comes from the app's own pages is the app's
 * business alone. The app gets the request in any case. Safe for concurrent use.
 */
final class AppLogout {
  /** What a link, a form, a frame or a script of the app asks for; not an image or a style. */
  private static final Set<String> DESTINATIONS = Set.of("document", "frame", "iframe", "empty");

  private static final Set<String> WITHOUT_EFFECT = Set.of("HEAD", "OPTIONS");

  private final boolean mapped;
  private final AccessRules paths;
  private final Site site;
  private final SignOut signOut;
  private final SessionStore sessions;
  private final Forwarding forwarding;

  AppLogout(
      Site site,
      GatehouseConfig.Logout settings,
      LetterCase letterCase,
      SignOut signOut,
      SessionStore sessions,
      Forwarding forwarding) {
    this.mapped = !settings.appPaths().isEmpty();
    this.paths =
        new AccessRules(settings.appPaths().stream().map(AppLogout::rule).toList(), letterCase);
    this.site = site;
    this.signOut = signOut;
    this.sessions = sessions;
    this.forwarding = forwarding;
  }

  /** Only what is written is a logout page: what no pattern names needs a login by default. */
  private static AccessRule rule(String pattern) {
    return new AccessRule(pattern, Set.of(), AccessRule.Access.ANONYMOUS, Map.of(), Set.of(), 0);
  }

  /** Whether that is one of the app's logout pages. */
  boolean isAt(ClientRequest request, RequestPath path) {
    return mapped
        && paths.find(request.method(), path.canonical()).access() == AccessRule.Access.ANONYMOUS;
  }

  /** Whether the user wants to leave by this request. */
  boolean isWanted(ClientRequest request, RequestPath path) {
    if (!isAt(request, path)) {
      return false;
    }
    String destination = request.header("Sec-Fetch-Dest");
    return !WITHOUT_EFFECT.contains(request.method())
        && (destination == null || DESTINATIONS.contains(destination))
        && !Navigation.prefetch(request)
        && Navigation.ownDoing(request, site.publicUrl().origin());
  }

  /** Ends the session of a request that has passed its rule, and lets the app do its part. */
  Decision leave(
      ClientRequest request,
      RequestPath path,
      AccessRule rule,
      Session session,
      CookieJar cookies) {
    return leave(request, path, rule, session, Optional.of(session.identity()), cookies);
  }

  private Decision leave(
      ClientRequest request,
      RequestPath path,
      AccessRule rule,
      Session session,
      Optional<Identity> told,
      CookieJar cookies) {
    SignOut.Parting parting = signOut.end(request, session, cookies, Optional.empty());
    return forwarding.leaving(request, path, rule, told, parting, Navigation.ofPage(request));
  }

  /** As {@link #leave}, where the rule lets everybody pass and tells the app of nobody. */
  Decision leaveUntold(
      ClientRequest request, RequestPath path, AccessRule rule, CookieJar cookies) {
    SessionStore.Lookup lookup = sessions.find(cookies, site.clock().instant(), false);
    if (lookup instanceof SessionStore.Lookup.Found found) {
      return leave(request, path, rule, found.session(), Optional.empty(), cookies);
    }
    if (lookup instanceof SessionStore.Lookup.None) {
      return forwarding.anonymous(request, path, rule);
    }
    return site.answers().storeUnavailable(request);
  }

  /** The user of another OP, of whom the app is not told: the gateway asks whether he leaves. */
  Decision ask() {
    String page = site.publicUrl().basePath() + LogoutEndpoint.PATH;
    return site.answers().redirect(303, page, List.of(), "other-provider");
  }

  /** Nobody is signed in: a login only to be able to leave helps nobody. */
  Decision alreadyLeft() {
    return site.answers().redirect(303, signOut.loggedOut(), List.of(), "no-session");
  }
}
