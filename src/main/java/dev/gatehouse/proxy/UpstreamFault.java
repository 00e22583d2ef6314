package dev.gatehouse.proxy;

import dev.gatehouse.page.Page;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/** What the user is told where the app did not answer (RFC 9110 §15.6.3 to §15.6.5). */
record UpstreamFault(int status, Page.Kind kind, String reason) {
  /** The app has answered with a token in a URL (TH-LEAK-13). */
  static final class TokenInAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    TokenInAnswer() {
      super("the app's answer leads to a URL with a token in it");
    }
  }

  /** Classifies a failure of the upstream client. */
  static UpstreamFault of(Throwable failure) {
    if (failure instanceof TimeoutException || failure instanceof SocketTimeoutException) {
      return new UpstreamFault(504, Page.Kind.UPSTREAM_TIMEOUT, "upstream-timeout");
    }
    if (failure instanceof RejectedExecutionException) {
      return new UpstreamFault(503, Page.Kind.UPSTREAM_UNAVAILABLE, "upstream-busy");
    }
    if (failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException
        || failure instanceof UnresolvedAddressException) {
      return new UpstreamFault(502, Page.Kind.UPSTREAM_UNAVAILABLE, "upstream-down");
    }
    return new UpstreamFault(
        502,
        Page.Kind.UPSTREAM_FAILED,
        failure instanceof TokenInAnswer ? "token-in-answer" : "upstream-failed");
  }
}
