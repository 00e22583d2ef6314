package dev.gatehouse.gate;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.oidc.OpenIdProvider;
import dev.gatehouse.oidc.Providers;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.LogoutCookie;
import dev.gatehouse.session.Session;
import dev.gatehouse.session.SessionStore;
import dev.gatehouse.session.SetCookie;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Signs a user out: here first, whatever the OP does later (TH-OUT-1); then the tokens go back, and
 * the browser is sent to the OP (OpenID Connect RP-Initiated Logout §2). Safe for concurrent use.
 */
final class SignOut {
  private final Site site;
  private final Providers providers;
  private final TokenReturn tokenReturn;
  private final SessionStore sessions;
  private final LogoutCookie logoutCookie;
  private final SetCookie setCookie;
  private final GatehouseConfig.Logout settings;

  SignOut(
      Site site,
      Providers providers,
      TokenReturn tokenReturn,
      SessionStore sessions,
      LogoutCookie logoutCookie,
      SetCookie setCookie,
      GatehouseConfig.Logout settings) {
    this.site = site;
    this.providers = providers;
    this.tokenReturn = tokenReturn;
    this.sessions = sessions;
    this.logoutCookie = logoutCookie;
    this.setCookie = setCookie;
    this.settings = settings;
  }

  /**
   * What the browser is told.
   *
   * @param location where it goes on: to the OP's logout, or to a page of ours or the app's
   * @param setCookies lines that take its cookies away
   * @param further other fields
   */
  record Parting(String location, List<String> setCookies, List<HeaderField> further) {}

  /**
   * Ends {@code session}; returns at once.
   *
   * @param target the page that the user wants afterwards, already checked
   */
  Parting end(ClientRequest request, Session session, CookieJar cookies, Optional<String> target) {
    Instant now = site.clock().instant();
    sessions.end(session, now);
    site.audit().session("sign-out", request, site.clientAddress().of(request), session);
    // The user does not wait for it: the session is over whatever the OP says (TH-OUT-4).
    tokenReturn.giveBack(session.identity().issuer(), session.tokens());
    List<String> lines = new ArrayList<>(sessions.expire(cookies));
    for (String name : settings.appCookies()) {
      lines.add(setCookie.foreignRemoval(name, "/"));
      if (!site.publicUrl().basePath().isEmpty()) {
        lines.add(setCookie.foreignRemoval(name, site.publicUrl().basePath()));
      }
    }
    String state = site.random().next();
    Optional<URI> atOp = atOp(session, state);
    if (atOp.isPresent()) {
      target.ifPresent(t -> lines.add(logoutCookie.begin(state, t, now)));
    }
    return new Parting(
        atOp.map(URI::toString).or(() -> target).orElse(loggedOut()), lines, further());
  }

  /** The page that says that the user is signed out. */
  String loggedOut() {
    return site.publicUrl().basePath() + LogoutEndpoint.LOGGED_OUT_PATH;
  }

  private Optional<URI> atOp(Session session, String state) {
    return providers
        .named(session.provider())
        .filter(OpenIdProvider::discovered)
        .flatMap(
            provider ->
                provider.endSessionRequest(
                    settings.withholdIdToken() ? Optional.empty() : session.idToken(),
                    session.identity().subject(),
                    URI.create(site.publicUrl().resolve(LogoutEndpoint.LOGGED_OUT_PATH)),
                    state));
  }

  private List<HeaderField> further() {
    return settings.clearSiteData()
        ? List.of(new HeaderField("Clear-Site-Data", "\"cookies\", \"storage\", \"cache\""))
        : List.of();
  }
}
