package dev.gatehouse.servlet;

import dev.gatehouse.gate.Forward;
import dev.gatehouse.identity.Identity;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * That one request has been judged and let through. Kept with the request for its later dispatches
 * (TH-HDR-6): a forward, an include, an error page or an asynchronous dispatch sees the same user
 * and is not judged again. Nobody else can make one, so an attribute that came with the request is
 * never taken for it.
 */
final class Passage {
  /** Names of attributes that neither the app nor the client can read or write. */
  private static final String PRIVATE_PREFIX = "dev.gatehouse.servlet.";

  private final GatehouseFilter judge;
  private final Forward forward;
  private final Optional<AppBody> body;
  private final AppQuery query;
  private volatile String encoding;
  private volatile boolean loggedOut;

  /**
   * @param client the request that was judged
   * @param body what the app reads in place of the container's own
   */
  Passage(
      GatehouseFilter judge, Forward forward, HttpServletRequest client, Optional<AppBody> body) {
    this.judge = judge;
    this.forward = forward;
    this.body = body;
    this.query = new AppQuery(client.getQueryString(), forward.rawQuery());
  }

  /** The character encoding that the app has set; null where it has set none. */
  String encoding() {
    return encoding;
  }

  void encoding(String name) {
    encoding = name;
  }

  /** What the app reads in place of the container's own body. */
  Optional<AppBody> body() {
    return body;
  }

  Forward forward() {
    return forward;
  }

  /** What the app sees of the client's query. */
  AppQuery query() {
    return query;
  }

  /** Who the user is; empty where the app is not told, and after the app's {@code logout()}. */
  Optional<Identity> identity() {
    return loggedOut ? Optional.empty() : forward.identity();
  }

  /** From here on the app sees no user (Servlet 5.0 §13.3). */
  void logOut() {
    loggedOut = true;
  }

  /** Remembers this with {@code request}, which is the container's. */
  void keepIn(HttpServletRequest request) {
    request.setAttribute(attribute(judge), this);
  }

  /** What {@code judge} has decided about {@code request} in an earlier dispatch. */
  static Optional<Passage> of(HttpServletRequest request, GatehouseFilter judge) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      if (inner instanceof AuthenticatedRequest own && own.passage().judge == judge) {
        return Optional.of(own.passage());
      }
      inner = wrapper.getRequest();
    }
    return inner.getAttribute(attribute(judge)) instanceof Passage passage && passage.judge == judge
        ? Optional.of(passage)
        : Optional.empty();
  }

  /** Whether an attribute of that name is hidden from the app. */
  static boolean hides(String attribute) {
    return attribute.startsWith(PRIVATE_PREFIX);
  }

  /** Each filter its own: a dispatch may lead into another app with another filter. */
  private static String attribute(GatehouseFilter judge) {
    return PRIVATE_PREFIX + "passage." + System.identityHashCode(judge);
  }
}
