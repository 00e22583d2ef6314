package dev.gatehouse.page;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One page of the gateway: a fixed text, and the few values that may stand in it.
 *
 * @param kind which text
 * @param incidentId what a user reads to support; absent where nothing went wrong
 * @param action where the page's one button leads: a path and query of ours, never a URL from
 *     outside
 * @param hidden hidden fields of the form; where there are any, or where the kind asks for it, the
 *     button is a POST form
 * @param displayName the user's name, where the kind shows it
 */
public record Page(
    Kind kind,
    Optional<String> incidentId,
    Optional<String> action,
    Map<String, String> hidden,
    Optional<String> displayName) {
  public Page {
    Objects.requireNonNull(kind, "kind");
    hidden = Map.copyOf(hidden);
  }

  /** A page of that kind with an incident id and, where given, a link. */
  public static Page of(Kind kind, String incidentId, Optional<String> action) {
    return new Page(kind, Optional.of(incidentId), action, Map.of(), Optional.empty());
  }

  /** All the texts. Each has a title, what happened, what to do, and a button text. */
  public enum Kind {
    /** 400: the request makes no sense to the gateway. Button: to the start page. */
    BAD_REQUEST,
    /** 401: a form was sent without a session. Button: sign in; then send the form again. */
    LOGIN_NEEDED,
    /** 403: signed in, but not allowed here. Button: to the start page. */
    FORBIDDEN,
    /** 403: nobody is allowed here. Button: to the start page. */
    DENIED,
    /** 404: nothing here. Button: to the start page. */
    NOT_FOUND,
    /** 405: wrong method. Button: to the start page. */
    METHOD_NOT_ALLOWED,
    /** 413, 414, 431: too large. */
    TOO_LARGE,
    /** 421: wrong host name. */
    MISDIRECTED,
    /** 403/400: the login could not be tied to this browser. Button: sign in again. */
    LOGIN_NOT_YOURS,
    /** 400: the login took too long. Button: sign in again. */
    LOGIN_EXPIRED,
    /** 400: the sign-in page was called without an answer of the OP. Button: sign in again. */
    LOGIN_INCOMPLETE,
    /** 403: the OP or the user said no. Button: try again. */
    LOGIN_DENIED,
    /** 502: what the OP sent could not be trusted. Button: try again. */
    LOGIN_FAILED,
    /** 503, 504: the OP does not answer. Button: try again. */
    OP_UNAVAILABLE,
    /** 429: signing in goes round in circles: cookies or clock. Button: try again. */
    LOGIN_LOOP,
    /** 429: too many attempts. Button: none; wait. */
    TOO_MANY_REQUESTS,
    /** 200: the session has ended; sign in again. Button: sign in. */
    SESSION_EXPIRED,
    /** 200: do you want to sign out? Shows the name. Button: sign out (POST form). */
    LOGOUT_CONFIRM,
    /** 200: you are signed out. Button: sign in again. */
    LOGGED_OUT,
    /** 500: our fault. */
    INTERNAL_ERROR,
    /** 502: the app did not answer properly. Button: try again. */
    UPSTREAM_FAILED,
    /** 503: the app is not there. */
    UPSTREAM_UNAVAILABLE,
    /** 504: the app took too long. Button: try again. */
    UPSTREAM_TIMEOUT
  }

  /** A finished page. */
  public record Rendered(String contentType, byte[] body, List<String> contentSecurityPolicy) {
    public Rendered {
      contentSecurityPolicy = List.copyOf(contentSecurityPolicy);
    }
  }
}
