package dev.gatehouse.proxy;

import dev.gatehouse.gate.Forward;
import org.eclipse.jetty.http.HttpMethod;

/**
 * Where one client request goes, however often it has to be sent.
 *
 * @param path at the app
 * @param webSocket whether the client asks for one
 */
record Onward(Upstream upstream, Route route, Forward forward, String path, boolean webSocket) {

  /**
   * Whether a request with that method that has been sent may be sent again (RFC 9110 §9.2.2): it
   * has no effect of its own, and no upgrade hangs on it.
   */
  boolean repeatable(String method) {
    return !webSocket
        && (HttpMethod.GET.is(method)
            || HttpMethod.HEAD.is(method)
            || HttpMethod.OPTIONS.is(method));
  }
}
