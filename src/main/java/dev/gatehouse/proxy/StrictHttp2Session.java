package dev.gatehouse.proxy;

import org.eclipse.jetty.http2.FlowControlStrategy;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerSession;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Jetty's session of HTTP/2, which does not end without a trace where a client has sent what cannot
 * be read (RFC 9113 §5.4.1). One for each connection; its frames come from one thread at a time.
 */
final class StrictHttp2Session extends HTTP2ServerSession {
  private final RefusedHeads refused;
  private boolean failed;

  StrictHttp2Session(
      Scheduler timers,
      EndPoint endPoint,
      ServerParser parser,
      Generator generator,
      ServerSessionListener listener,
      FlowControlStrategy flowControl,
      RefusedHeads refused) {
    super(timers, endPoint, parser, generator, listener, flowControl);
    this.refused = refused;
  }

  /**
   * It is not offered, and {@link Http2Head} refuses it like any other CONNECT; Jetty would do so
   * before, uncounted and without a trace.
   */
  @Override
  public boolean isConnectProtocolEnabled() {
    return true;
  }

  @Override
  public void onConnectionFailure(int error, String reason) {
    if (!failed) {
      failed = true; // what comes behind belongs to the same
      refused.leave(null, getEndPoint());
    }
    super.onConnectionFailure(error, reason);
  }
}
