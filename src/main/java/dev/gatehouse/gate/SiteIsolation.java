package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.CrossSiteMode;
import dev.gatehouse.config.GatehouseConfig.CrossSite;
import dev.gatehouse.session.CookieJar;
import java.util.Set;

/**
 * Keeps other sites from making a user's browser act in the app (TH-CSRF-3). It is looked at where
 * a session could be used, and wherever a rule says so itself: no other site can make a browser
 * send an access token, so a request that has one and no cookie is left alone. Immutable, safe for
 * concurrent use.
 */
final class SiteIsolation {
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private final CrossSite settings;
  private final RequestSource source;

  SiteIsolation(CrossSite settings, RequestSource source) {
    this.settings = settings;
    this.source = source;
  }

  /** Whether the request must not reach the app, whoever the user is. */
  boolean refuses(ClientRequest request, AccessRule rule, CookieJar cookies) {
    CrossSiteMode mode = mode(rule, cookies);
    boolean safe = SAFE_METHODS.contains(request.method());
    if (mode == CrossSiteMode.ALLOW || safe && mode == CrossSiteMode.REFUSE_UNSAFE) {
      return false;
    }
    return !isByTokenAlone(request) && (safe ? refusesSafe(request) : refusesUnsafe(request));
  }

  private CrossSiteMode mode(AccessRule rule, CookieJar cookies) {
    if (rule.handling().crossSite().isPresent()) {
      return rule.handling().crossSite().get();
    }
    boolean userIsTold = rule.access() != AccessRule.Access.ANONYMOUS;
    return userIsTold && !cookies.sessionChunks().isEmpty() ? settings.mode() : CrossSiteMode.ALLOW;
  }

  private static boolean isByTokenAlone(ClientRequest request) {
    return request.header("Cookie") == null && Forwarding.bearsToken(request);
  }

  /** A link that a person follows is no attack; what a page loads in the background may be one. */
  private boolean refusesSafe(ClientRequest request) {
    if (request.header("Sec-Fetch-Site") == null || isLink(request)) {
      return false;
    }
    return switch (source.of(request)) {
      case OWN, TRUSTED, UNKNOWN -> false;
      case SAME_SITE -> settings.refuseSameSite();
      case FOREIGN -> true;
    };
  }

  private static boolean isLink(ClientRequest request) {
    return !request.method().equals("OPTIONS")
        && "navigate".equals(request.header("Sec-Fetch-Mode"))
        && "document".equals(request.header("Sec-Fetch-Dest"));
  }

  private boolean refusesUnsafe(ClientRequest request) {
    return switch (source.of(request)) {
      case OWN, TRUSTED -> false;
      case SAME_SITE -> settings.refuseSameSite();
      case UNKNOWN -> settings.refuseUnknown();
      case FOREIGN -> true;
    };
  }
}
