package dev.gatehouse.page;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One page of the gateway: a fixed text, and the few values that may stand in it.
 *
 * @param kind which text
 * @param incidentId what a user reads to support; absent where nothing went wrong
 * @param action where the page's one button leads: a path and query of ours without the base path;
 *     absent for the start page. What is not plainly a path of ours leads to the start page too
 * @param hidden hidden fields of the form; where there are any, or where the kind asks for it, the
 *     button is a POST form
 * @param links where else the page leads, for the user to choose; empty for most kinds
 * @param displayName the user's name, where the kind shows it; escaped, cut to a line and isolated
 *     from the direction of the text around it
 */
public record Page(
    Kind kind,
    Optional<String> incidentId,
    Optional<String> action,
    Map<String, String> hidden,
    List<Link> links,
    Optional<String> displayName) {
  /** A page on which the user has nothing to choose. */
  public Page(
      Kind kind,
      Optional<String> incidentId,
      Optional<String> action,
      Map<String, String> hidden,
      Optional<String> displayName) {
    this(kind, incidentId, action, hidden, List.of(), displayName);
  }

  public Page {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(incidentId, "incidentId");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(displayName, "displayName");
    hidden = Map.copyOf(hidden);
    links = List.copyOf(links);
  }

  /**
   * One thing to choose.
   *
   * @param label what the user reads; escaped and cut to a line
   * @param action where it leads: a path and query of ours without the base path
   */
  public record Link(String label, String action) {
    public Link {
      Objects.requireNonNull(label, "label");
      Objects.requireNonNull(action, "action");
    }
  }

  /** The page on which the user chooses where to sign in. */
  public static Page choice(List<Link> links) {
    return new Page(
        Kind.CHOOSE_PROVIDER,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        links,
        Optional.empty());
  }

  /** Without hidden fields, which hold the form token, and without the name (TH-SEC-3). */
  @Override
  public String toString() {
    return "Page[" + kind + ", incident=" + incidentId + "]";
  }

  /** A page of that kind with an incident id and, where given, a link. */
  public static Page of(Kind kind, String incidentId, Optional<String> action) {
    return new Page(kind, Optional.of(incidentId), action, Map.of(), Optional.empty());
  }

  /** All the texts. Each has a title, what happened, what to do, and a button text. */
  public enum Kind {
    /** 400: the request makes no sense to the gateway. Button: to the start page. */
    BAD_REQUEST(Tone.STOP),
    /** 400: a token in the URL or in a form. Button: to the start page. */
    TOKEN_MISPLACED(Tone.STOP),
    /** 401: a form was sent without a session. Button: sign in; then send the form again. */
    LOGIN_NEEDED(Tone.ASK),
    /** 403: signed in, but not allowed here. Button: to the start page. */
    FORBIDDEN(Tone.STOP),
    /** 403: nobody is allowed here. Button: to the start page. */
    DENIED(Tone.STOP),
    /** 403: sent from another site, or from a form too old. Button: begin again. */
    FOREIGN_REQUEST(Tone.STOP),
    /** 404: nothing here. Button: to the start page. */
    NOT_FOUND(Tone.STOP),
    /** 405: wrong method. Button: to the start page. */
    METHOD_NOT_ALLOWED(Tone.STOP),
    /** 413, 414, 431: too large. Button: to the start page. */
    TOO_LARGE(Tone.STOP),
    /** 421: wrong host name. Button: none; every link would lead to the same name. */
    MISDIRECTED(Tone.STOP),
    /** 403/400: the login could not be tied to this browser. Button: sign in again. */
    LOGIN_NOT_YOURS(Tone.ASK),
    /** 400: the login took too long. Button: sign in again. */
    LOGIN_EXPIRED(Tone.WAIT),
    /** 400: the sign-in page was called without an answer of the OP. Button: sign in again. */
    LOGIN_INCOMPLETE(Tone.ASK),
    /** 403: the OP or the user said no. Button: try again. */
    LOGIN_DENIED(Tone.STOP),
    /** 502: what the OP sent could not be trusted. Button: try again. */
    LOGIN_FAILED(Tone.STOP),
    /** 503, 504: the OP does not answer. Button: try again. */
    OP_UNAVAILABLE(Tone.WAIT),
    /** 429: signing in goes round in circles: cookies or clock. Button: try again. */
    LOGIN_LOOP(Tone.STOP),
    /** 429: too many attempts. Button: none; wait. */
    TOO_MANY_REQUESTS(Tone.WAIT),
    /** 401: something was sent, but the session has ended. Button: sign in; then send it again. */
    SESSION_EXPIRED(Tone.WAIT),
    /** 200: where do you want to sign in? A link for each OP; no button. */
    CHOOSE_PROVIDER(Tone.ASK),
    /**
     * 200: do you want to sign out? Shows the name. Button: sign out (POST form); beside it, back.
     */
    LOGOUT_CONFIRM(Tone.ASK),
    /** 200: you are signed out. Button: sign in again. */
    LOGGED_OUT(Tone.DONE),
    /** 500: our fault. Button: try again. */
    INTERNAL_ERROR(Tone.STOP),
    /** 502: the app did not answer properly. Button: try again. */
    UPSTREAM_FAILED(Tone.STOP),
    /** 503: the app is not there. Button: try again. */
    UPSTREAM_UNAVAILABLE(Tone.WAIT),
    /** 504: the app took too long. Button: try again. */
    UPSTREAM_TIMEOUT(Tone.WAIT);

    private final Tone tone;

    Kind(Tone tone) {
      this.tone = tone;
    }

    Tone tone() {
      return tone;
    }

    /** The name in text keys, CSS and URNs: {@code login-needed}. */
    String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * A finished page.
   *
   * @param contentType value of {@code Content-Type}
   * @param body the bytes to send
   * @param contentSecurityPolicy value of {@code Content-Security-Policy}: one policy, whole
   */
  public record Rendered(String contentType, byte[] body, String contentSecurityPolicy) {
    public Rendered {
      Objects.requireNonNull(contentType, "contentType");
      Objects.requireNonNull(body, "body");
      Objects.requireNonNull(contentSecurityPolicy, "contentSecurityPolicy");
    }
  }
}
