package dev.gatehouse.gate;

import dev.gatehouse.page.Page;
import dev.gatehouse.session.CookieJar;
import java.util.List;

/**
 * The paths that the gateway serves itself, before any rule; the app never sees one (TH-CFG-14,
 * TH-CB-10). Safe for concurrent use.
 */
final class OwnPaths {
  private static final String PREFIX = "/gatehouse";

  private final LoginEndpoint login;
  private final CallbackEndpoint callback;
  private final LogoutEndpoint logout;
  private final OpLogoutEndpoints opLogouts;
  private final SessionEndpoint session;
  private final JwksEndpoint jwks;
  private final Answers answers;

  OwnPaths(
      LoginEndpoint login,
      CallbackEndpoint callback,
      LogoutEndpoint logout,
      OpLogoutEndpoints opLogouts,
      SessionEndpoint session,
      JwksEndpoint jwks,
      Answers answers) {
    this.login = login;
    this.callback = callback;
    this.logout = logout;
    this.opLogouts = opLogouts;
    this.session = session;
    this.jwks = jwks;
    this.answers = answers;
  }

  /**
   * Whether a canonical path is the gateway's. Case is folded: an app that folds it would otherwise
   * have pages that look like ours.
   */
  static boolean reserved(String canonicalPath) {
    return canonicalPath.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
        && (canonicalPath.length() == PREFIX.length()
            || canonicalPath.charAt(PREFIX.length()) == '/');
  }

  /** Whether answers of an OP arrive at that path. */
  boolean isCallback(RequestPath path) {
    return callback.isAt(path);
  }

  /** Watched names that belong into a form for that path (TH-LEAK-16). */
  static List<String> expectedTokens(RequestPath path) {
    return path.canonical().equals(OpLogoutEndpoints.BACK_CHANNEL_PATH)
        ? List.of("logout_token")
        : List.of();
  }

  Decision answer(ClientRequest request, RequestPath path, CookieJar cookies) {
    switch (path.canonical()) {
      case LoginEndpoint.PATH:
        return login.answer(request, cookies);
      case LogoutEndpoint.PATH:
        return logout.answer(request, cookies);
      case LogoutEndpoint.LOGGED_OUT_PATH:
        return logout.loggedOut(request, cookies);
      case OpLogoutEndpoints.BACK_CHANNEL_PATH:
        return opLogouts.backChannel(request);
      case OpLogoutEndpoints.FRONT_CHANNEL_PATH:
        return opLogouts.frontChannel(request);
      case SessionEndpoint.PATH:
        return session.answer(request, cookies);
      case JwksEndpoint.PATH:
        return jwks.answer(request);
      default:
        if (callback.isAt(path)) {
          return callback.answer(request, path, cookies);
        }
        return answers.refuse(request, 404, Page.Kind.NOT_FOUND, "own-path").action("/").answer();
    }
  }
}
