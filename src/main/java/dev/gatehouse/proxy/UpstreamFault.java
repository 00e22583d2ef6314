package dev.gatehouse.proxy;

import dev.gatehouse.page.Page;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.io.EofException;

/**
 * What the user is told where the app did not answer (RFC 9110 §15.6.3 to §15.6.5), and the
 * operator.
 *
 * @param reason one fixed word, for log and metrics
 * @param hint what the operator may do
 */
record UpstreamFault(int status, Page.Kind kind, String reason, String hint) {
  /** No target of the route takes requests. */
  static final UpstreamFault NONE_WELL =
      new UpstreamFault(
          503,
          Page.Kind.UPSTREAM_UNAVAILABLE,
          "no-healthy-upstream",
          "the health check has taken out every target; see why in the log before");

  private static final UpstreamFault SLOW =
      new UpstreamFault(
          504,
          Page.Kind.UPSTREAM_TIMEOUT,
          "upstream-timeout",
          "it took the connection and did not answer in limits.response-timeout");
  private static final UpstreamFault UNREACHED =
      new UpstreamFault(
          504,
          Page.Kind.UPSTREAM_TIMEOUT,
          "upstream-connect-timeout",
          "no connection in limits.connect-timeout; look at the address and at firewalls");
  private static final UpstreamFault BUSY =
      new UpstreamFault(
          503,
          Page.Kind.UPSTREAM_UNAVAILABLE,
          "upstream-busy",
          "all connections are in use and the queue is full; the app is too slow for the load, or"
              + " limits.upstream-connections too small");
  private static final UpstreamFault DOWN =
      new UpstreamFault(
          502,
          Page.Kind.UPSTREAM_UNAVAILABLE,
          "upstream-down",
          "it takes no connection; start it, or mend the address");
  private static final UpstreamFault UNKNOWN_NAME =
      new UpstreamFault(
          502,
          Page.Kind.UPSTREAM_UNAVAILABLE,
          "upstream-unknown-name",
          "no name server knows its host; mend the name, or the name server");
  private static final UpstreamFault TLS =
      new UpstreamFault(
          502,
          Page.Kind.UPSTREAM_FAILED,
          "upstream-tls",
          "no TLS with it: its certificate is of an unknown authority, of another name or expired,"
              + " or it wants one of the gateway; see upstream-tls");
  private static final UpstreamFault RESET =
      new UpstreamFault(
          502,
          Page.Kind.UPSTREAM_FAILED,
          "upstream-reset",
          "it ended the connection before its answer; see its own log");
  private static final UpstreamFault GARBAGE =
      new UpstreamFault(
          502,
          Page.Kind.UPSTREAM_FAILED,
          "upstream-garbage",
          "what it sent is no HTTP/1.1 answer; is something else listening there, or https?");
  private static final UpstreamFault TOKEN =
      new UpstreamFault(
          502,
          Page.Kind.UPSTREAM_FAILED,
          "token-in-answer",
          "its answer leads to a URL with a token in it");
  private static final UpstreamFault OTHER =
      new UpstreamFault(
          502, Page.Kind.UPSTREAM_FAILED, "upstream-failed", "it could not be made sense of");

  /** The app has answered with a token in a URL (TH-LEAK-13). */
  static final class TokenInAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    TokenInAnswer() {
      super("the app's answer leads to a URL with a token in it");
    }
  }

  /** A failure with what the operator should know of it; its trace is that of the cause. */
  static final class Told extends IOException {
    private static final long serialVersionUID = 1L;

    Told(String target, UpstreamFault fault, Throwable cause) {
      super(target + ": " + fault.reason() + ": " + fault.hint(), cause);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /** Classifies a failure of the upstream client. */
  static UpstreamFault of(Throwable failure) {
    if (failure instanceof SocketTimeoutException) {
      return UNREACHED; // Jetty's word for connecting
    }
    if (failure instanceof TimeoutException) {
      return SLOW;
    }
    if (failure instanceof RejectedExecutionException) {
      return BUSY;
    }
    if (failure instanceof UnknownHostException || failure instanceof UnresolvedAddressException) {
      return UNKNOWN_NAME;
    }
    if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      return DOWN;
    }
    if (failure instanceof SSLException) {
      return TLS;
    }
    if (failure instanceof TokenInAnswer) {
      return TOKEN;
    }
    if (failure instanceof HttpResponseException) {
      return GARBAGE;
    }
    return isReset(failure) ? RESET : OTHER;
  }

  /**
   * The same, where it is known how far the request got.
   *
   * @param unconnected whether there never was a connection for it
   */
  static UpstreamFault of(Throwable failure, boolean unconnected) {
    // A socket that is no file, or not ours to open.
    return unconnected && failure instanceof SocketException ? DOWN : of(failure);
  }

  private static boolean isReset(Throwable failure) {
    return failure instanceof EOFException
        || failure instanceof EofException
        || failure instanceof SocketException
        || failure instanceof ClosedChannelException
        || failure instanceof IOException && "Connection reset by peer".equals(failure.getMessage())
        || failure instanceof IOException && "Broken pipe".equals(failure.getMessage());
  }

  /** Whether no connection came about. */
  boolean connecting() {
    return this == DOWN || this == UNKNOWN_NAME || this == UNREACHED || this == BUSY;
  }

  /** Whether no TLS came about. */
  boolean handshake() {
    return this == TLS;
  }

  /** Whether the connection ended. */
  boolean reset() {
    return this == RESET;
  }

  /** Whether it is the target's doing: what it was sent could not matter. */
  boolean ofTarget() {
    return this == DOWN
        || this == UNKNOWN_NAME
        || this == UNREACHED
        || this == TLS
        || this == RESET
        || this == GARBAGE;
  }

  /** Whether the app was too slow. */
  boolean timeout() {
    return this == SLOW;
  }
}
