package dev.gatehouse.proxy;

import java.net.URI;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;

/**
 * A request to the app with the judged path and the query as it came. Jetty's own would parse the
 * target as a URI and send what it understood. Knows how far it got, for the question whether it
 * may be sent again.
 */
class UpstreamRequest extends HttpRequest {
  /** Keeps connections for one request apart from those that are kept. */
  private static final Object FRESH = "fresh";

  private final URI origin;
  private final String path;
  private final String query;
  private Runnable unsent;
  private boolean settled;
  private volatile boolean kept;
  private volatile long bytesBefore;

  /**
   * @param query null for none
   */
  UpstreamRequest(HttpClient client, URI origin, String path, String query) {
    super(client, new HttpConversation(), origin);
    this.origin = origin;
    this.path = path;
    this.query = query;
  }

  /** The target's scheme, host and port, as configured. */
  URI origin() {
    return origin;
  }

  /** Goes over a connection of its own, which nobody else has used or will use. */
  void onFreshConnection() {
    tag(FRESH);
    headers(fields -> fields.add(HttpFields.CONNECTION_CLOSE));
  }

  @Override
  public void notifyBegin() {
    if (getConnection() instanceof Connection connection) {
      kept = connection.getMessagesIn() > 0;
      bytesBefore = connection.getBytesIn();
    }
    super.notifyBegin();
  }

  /** Whether there never was a connection for it, so that nothing of it has been sent. */
  boolean neverSent() {
    return getConnection() == null;
  }

  /**
   * Whether it met a kept connection on which nothing came back: the app may have closed that just
   * before (RFC 9112 §9.3.1).
   */
  boolean metSilence() {
    return kept
        && getConnection() instanceof Connection connection
        && connection.getBytesIn() == bytesBefore;
  }

  @Override
  public String getPath() {
    return path;
  }

  @Override
  public String getQuery() {
    return query;
  }

  @Override
  public Request path(String other) {
    throw new IllegalStateException("the path has been judged");
  }

  /**
   * The app takes no more of the body; what it has to say may still come.
   *
   * @param failure what is to be done once that is settled
   */
  void unsent(Runnable failure) {
    synchronized (this) {
      if (!settled) {
        unsent = failure;
        return;
      }
    }
    failure.run();
  }

  /** The answer has come, or never will. */
  void settled() {
    Runnable failure;
    synchronized (this) {
      settled = true;
      failure = unsent;
      unsent = null;
    }
    if (failure != null) {
      failure.run();
    }
  }
}
