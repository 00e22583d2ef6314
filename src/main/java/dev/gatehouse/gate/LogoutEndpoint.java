package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.page.Page;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.LogoutCookie;
import dev.gatehouse.session.Session;
import dev.gatehouse.session.SessionStore;
import java.time.Clock;
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

  private final SignOut signOut;
  private final SessionStore sessions;
  private final LogoutCookie logoutCookie;
  private final Answers answers;
  private final Clock clock;
  private final PublicUrl publicUrl;

  LogoutEndpoint(Site site, SignOut signOut, SessionStore sessions, LogoutCookie logoutCookie) {
    this.signOut = signOut;
    this.sessions = sessions;
    this.logoutCookie = logoutCookie;
    this.answers = site.answers();
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
      return answers.storeUnavailable(request);
    }
    if (!(lookup instanceof SessionStore.Lookup.Found found)) {
      return answers.redirect(303, target.orElse(signOut.loggedOut()), List.of(), "no-session");
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
      return answers.storeUnavailable(request);
    }
    if (!(lookup instanceof SessionStore.Lookup.Found found)) {
      return answers.redirect(
          303, target.orElse(signOut.loggedOut()), sessions.expire(cookies), "no-session");
    }
    Session session = found.session();
    Optional<String> csrfToken = form.flatMap(f -> f.first(CSRF_FIELD));
    if (csrfToken.isEmpty() || !session.csrfToken().equals(Secret.of(csrfToken.get()))) {
      return answers
          .refuse(request, 403, Page.Kind.FOREIGN_REQUEST, "csrf-token")
          .action(PATH)
          .answer();
    }
    SignOut.Parting parting = signOut.end(request, session, cookies, target);
    Decision.Answer answer =
        answers.redirect(303, parting.location(), parting.setCookies(), "signed-out");
    for (HeaderField field : parting.further()) {
      answer = Answers.with(answer, field.name(), field.value());
    }
    return answer;
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
}
