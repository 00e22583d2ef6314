package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.oidc.OpenIdProvider;
import dev.gatehouse.oidc.Providers;
import dev.gatehouse.page.Page;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.LogoutCookie;
import dev.gatehouse.session.Session;
import dev.gatehouse.session.SessionStore;
import dev.gatehouse.session.SetCookie;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ends a session: asks on GET, acts on POST (TH-CSRF-1), the local session first whatever the OP
 * does later (TH-OUT-1), then RP-initiated logout (OpenID Connect RP-Initiated Logout §2, §3). Safe
 * for concurrent use.
 */
final class LogoutEndpoint {
  static final String PATH = "/gatehouse/logout";
  static final String LOGGED_OUT_PATH = "/gatehouse/logged-out";

  private static final int MAX_FORM_BYTES = 8 * 1024;
  private static final String CSRF_FIELD = "csrf_token";

  private final Providers providers;
  private final TokenReturn tokenReturn;
  private final SessionStore sessions;
  private final LogoutCookie logoutCookie;
  private final SetCookie setCookie;
  private final GatehouseConfig.Logout settings;
  private final ClientAddress clientAddress;
  private final Answers answers;
  private final Audit audit;
  private final RandomTokens random;
  private final Clock clock;
  private final PublicUrl publicUrl;

  LogoutEndpoint(
      Site site,
      Providers providers,
      TokenReturn tokenReturn,
      SessionStore sessions,
      LogoutCookie logoutCookie,
      SetCookie setCookie,
      GatehouseConfig.Logout settings) {
    this.providers = providers;
    this.tokenReturn = tokenReturn;
    this.sessions = sessions;
    this.logoutCookie = logoutCookie;
    this.setCookie = setCookie;
    this.settings = settings;
    this.clientAddress = site.clientAddress();
    this.answers = site.answers();
    this.audit = site.audit();
    this.random = site.random();
    this.clock = site.clock();
    this.publicUrl = site.publicUrl();
  }

  /** {@code /gatehouse/logout}. */
  Decision answer(ClientRequest request, CookieJar cookies) {
    switch (request.method()) {
      case "GET", "HEAD":
        return confirm(request, cookies);
      case "POST":
        if (!Navigation.sameOrigin(request, publicUrl.origin())) {
          return answers.refuse(request, 403, Page.Kind.FOREIGN_REQUEST, "cross-site").answer();
        }
        return new Decision.NeedsBody(MAX_FORM_BYTES, body -> submitted(request, cookies, body));
      default:
        return answers
            .refuse(request, 405, Page.Kind.METHOD_NOT_ALLOWED, "method")
            .header("Allow", "GET, HEAD, POST")
            .answer();
    }
  }

  private Decision confirm(ClientRequest request, CookieJar cookies) {
    Optional<String> target = target(CallbackParameters.decode(request.rawQuery()));
    SessionStore.Lookup lookup = sessions.find(cookies, clock.instant(), false);
    if (lookup instanceof SessionStore.Lookup.Unavailable) {
      return storeUnavailable(request);
    }
    if (!(lookup instanceof SessionStore.Lookup.Found found)) {
      return answers.redirect(303, target.orElse(loggedOut()), List.of(), "no-session");
    }
    Map<String, String> hidden = new LinkedHashMap<>();
    hidden.put(CSRF_FIELD, found.session().csrfToken().reveal());
    target.ifPresent(t -> hidden.put("rd", t));
    Page page =
        new Page(
            Page.Kind.LOGOUT_CONFIRM,
            Optional.empty(),
            Optional.of(PATH),
            hidden,
            Optional.of(found.session().identity().displayName()));
    return answers.page(request, page, List.of(), "logout-confirm");
  }

  private Decision submitted(ClientRequest request, CookieJar cookies, byte[] body) {
    Optional<CallbackParameters> form = CallbackParameters.decode(new String(body, ISO_8859_1));
    Optional<String> target = target(form);
    SessionStore.Lookup lookup = sessions.find(cookies, clock.instant(), false);
    if (lookup instanceof SessionStore.Lookup.Unavailable) {
      return storeUnavailable(request);
    }
    if (!(lookup instanceof SessionStore.Lookup.Found found)) {
      return answers.redirect(
          303, target.orElse(loggedOut()), sessions.expire(cookies), "no-session");
    }
    Session session = found.session();
    Optional<String> csrfToken = form.flatMap(f -> f.first(CSRF_FIELD));
    if (csrfToken.isEmpty() || !session.csrfToken().equals(Secret.of(csrfToken.get()))) {
      return answers
          .refuse(request, 403, Page.Kind.FOREIGN_REQUEST, "csrf-token")
          .action(PATH)
          .answer();
    }
    sessions.end(session, clock.instant());
    audit.session("sign-out", request, clientAddress.of(request), session);
    // The user does not wait for it: the session is over whatever the OP says (TH-OUT-4).
    tokenReturn.giveBack(session.identity().issuer(), session.tokens());
    return leave(session, cookies, target);
  }

  private Decision leave(Session session, CookieJar cookies, Optional<String> target) {
    List<String> lines = new ArrayList<>(sessions.expire(cookies));
    for (String name : settings.appCookies()) {
      lines.add(setCookie.foreignRemoval(name, "/"));
      if (!publicUrl.basePath().isEmpty()) {
        lines.add(setCookie.foreignRemoval(name, publicUrl.basePath()));
      }
    }
    String state = random.next();
    Optional<URI> atOp =
        providers
            .named(session.provider())
            .filter(OpenIdProvider::discovered)
            .flatMap(
                provider ->
                    provider.endSessionRequest(
                        session.idToken(),
                        session.identity().subject(),
                        URI.create(publicUrl.resolve(LOGGED_OUT_PATH)),
                        state));
    if (atOp.isEmpty()) {
      return left(target.orElse(loggedOut()), lines);
    }
    target.ifPresent(t -> lines.add(logoutCookie.begin(state, t, clock.instant())));
    return left(atOp.get().toString(), lines);
  }

  private Decision left(String location, List<String> lines) {
    Decision.Answer answer = answers.redirect(303, location, lines, "signed-out");
    return settings.clearSiteData()
        ? Answers.with(answer, "Clear-Site-Data", "\"cookies\", \"storage\", \"cache\"")
        : answer;
  }

  /** {@code /gatehouse/logged-out}: the OP sends the browser back here. */
  Decision loggedOut(ClientRequest request, CookieJar cookies) {
    Optional<CallbackParameters> parameters = CallbackParameters.decode(request.rawQuery());
    Optional<String> state = parameters.flatMap(p -> p.first("state"));
    if (state.isPresent()) {
      Optional<String> target = logoutCookie.find(state.get(), cookies, clock.instant());
      if (target.isPresent()) {
        return answers.redirect(
            303, target.get(), List.of(logoutCookie.removal(state.get())), "signed-out");
      }
    }
    Page page =
        new Page(
            Page.Kind.LOGGED_OUT, Optional.empty(), Optional.of("/"), Map.of(), Optional.empty());
    return answers.page(request, page, List.of(), "logged-out");
  }

  /** Where the user wants to go afterwards; empty where nothing was asked or nothing is safe. */
  private Optional<String> target(Optional<CallbackParameters> parameters) {
    return parameters
        .filter(p -> p.syntaxFault().isEmpty())
        .flatMap(p -> p.first("rd"))
        .map(rd -> ReturnTarget.safe(rd, publicUrl, List.of()));
  }

  private String loggedOut() {
    return publicUrl.basePath() + LOGGED_OUT_PATH;
  }

  private Decision storeUnavailable(ClientRequest request) {
    return answers
        .refuse(request, 503, Page.Kind.INTERNAL_ERROR, "session-store")
        .retryAfterSeconds(5)
        .answer();
  }
}
